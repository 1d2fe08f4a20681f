using Copilot.Domain.Runs.Actor;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Input;

namespace Copilot.Domain.Runs.Registry;

/// <summary>Words for runs that work.</summary>
public sealed partial class RunRegistry
{
    /// <summary>Answered once the words are kept, or it is known that they will not be. Said twice with one id, they are kept once.</summary>
    private async Task<CommandOutcome> SteerAsync(string runId, RunCommand.Steer steer, CancellationToken cancellationToken)
    {
        Validate(steer);
        if (Find(runId) is { } live)
        {
            var said = new RunMessage.Steered(steer);
            if (live.Actor.TryPost(said)
                && await said.Answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false) is CommandOutcome.Accepted)
            {
                return CommandOutcome.Accepted;
            }
        }
        else if (await _store.FindAsync(runId, cancellationToken).ConfigureAwait(false) is null)
        {
            return CommandOutcome.NotFound;
        }

        // The answer may have been lost on its way, and the run have ended since.
        await foreach (var runEvent in new SessionHistory(_store).ReadEventsAsync(runId, cancellationToken).ConfigureAwait(false))
        {
            if (runEvent.Payload is SteerRequested requested && requested.SteerId == steer.SteerId)
            {
                return CommandOutcome.Accepted;
            }
        }

        return CommandOutcome.NotPossible;
    }

    private void Validate(RunCommand.Steer steer)
    {
        if (string.IsNullOrWhiteSpace(steer.Text))
        {
            throw new ArgumentException("The words are empty. Write what the agent should hear.", nameof(steer));
        }

        if (steer.Text.Length > _options.MaxInputLength)
        {
            throw new ArgumentException(
                $"The message has {steer.Text.Length} characters; {_options.MaxInputLength} is the limit. Shorten it.", nameof(steer));
        }
    }
}
