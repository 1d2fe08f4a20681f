using Copilot.Domain.Runs.Actor;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Registry;

/// <summary>Decisions about calls that wait for a person.</summary>
public sealed partial class RunRegistry
{
    /// <inheritdoc/>
    public async Task<DecisionOutcome> DecideAsync(string runId, RunCommand.Decision decision, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decision);
        if (Find(runId) is { } live)
        {
            var message = new RunMessage.Decided(
                decision, new TaskCompletionSource<DecisionOutcome>(TaskCreationOptions.RunContinuationsAsynchronously));
            live.Actor.Post(message);

            // A run that comes to rest first answers nobody any more.
            await Task.WhenAny(message.Answer.Task, live.Actor.Completion).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (message.Answer.Task.IsCompleted)
            {
                return await message.Answer.Task.ConfigureAwait(false);
            }
        }

        return await _store.FindAsync(runId, cancellationToken).ConfigureAwait(false) is null
            ? new DecisionOutcome.NotFound()
            : await FindDecisionAsync(runId, decision.CallId, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What a run that does not work says about a call: its log still knows who decided.</summary>
    private async Task<DecisionOutcome> FindDecisionAsync(string runId, string callId, CancellationToken cancellationToken)
    {
        var approvals = new RunApprovals();
        var asked = false;
        await foreach (var runEvent in new SessionHistory(_store).ReadEventsAsync(runId, cancellationToken).ConfigureAwait(false))
        {
            approvals.Apply(runEvent);
            asked |= runEvent.Payload is ApprovalRequested && runEvent.CallId == callId;
        }

        return approvals.DecisionOf(callId) is { } decision ? new DecisionOutcome.AlreadyDecided(decision)
            : asked ? new DecisionOutcome.NotWaiting()
            : new DecisionOutcome.NotFound();
    }
}
