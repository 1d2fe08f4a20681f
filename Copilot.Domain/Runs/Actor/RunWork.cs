using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Actor.Calls;
using Copilot.Domain.Runs.Actor.Sending;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Input;

namespace Copilot.Domain.Runs.Actor;

/// <summary>What a run does once it is its turn: responses and tool rounds by turns, until there is nothing left to answer.</summary>
internal sealed class RunWork(
    RunRecorder recorder,
    RunCreation creation,
    RunConversation conversation,
    SessionHistory history,
    Func<ResponseSettings> makeSettings,
    ResponseAttempts attempts,
    ToolRound tools,
    RunCosts costs)
{
    /// <summary>No words wait, and nobody answers in the agent's place.</summary>
    private bool NothingIsOpen => recorder.Steers.Waiting.Count == 0 && recorder.Summary.TakeOver is null;

    /// <summary>Works until the answer is complete, or says how else it ends.</summary>
    /// <exception cref="RunEndingException">A message ends the run.</exception>
    public async Task<RunEnd> WorkAsync()
    {
        if (recorder.Input.OpenResponseId is { } cut)
        {
            recorder.Record(new AttemptSuperseded(cut, "the run was interrupted", MayBeBilledTwice: null, Timeout: null));
        }

        var settings = makeSettings();
        await recorder.Meanwhile(conversation.ReadAncestorsAsync(history, creation, settings.Store)).ConfigureAwait(false);
        costs.RecordMissed(settings.Model);
        var rounds = 0;
        var failedRounds = 0;
        var finished = recorder.Input.HasFinalAnswer && NothingIsOpen;
        while (!finished)
        {
            if (recorder.Input.Unanswered.Count == 0)
            {
                await attempts.RespondAsync(settings).ConfigureAwait(false);
            }

            // Words that could not be sent into a response get one more. Whoever has taken over hands back first.
            finished = (recorder.Input.Unanswered.Count == 0 || recorder.Input.IncompleteReason is not null) && NothingIsOpen;
            if (finished)
            {
                break;
            }

            if (recorder.Input.IncompleteReason is not null)
            {
                // Only the words wait. What a response that was cut short wanted to call may be cut short as well.
                tools.AnswerWithoutCalling("This call was not carried out: the response that made it was cut short.");
            }

            if (recorder.Input.Unanswered.Count == 0)
            {
                continue;
            }

            if (++rounds > creation.Agent.MaxToolRounds)
            {
                return new RunEnd.Failed(new RunError(
                    "tool_rounds_exceeded",
                    $"The agent wanted more than {creation.Agent.MaxToolRounds} rounds of tool calls.",
                    "Ask for less at once, or raise the agent's limit."));
            }

            failedRounds = await tools.RunAsync().ConfigureAwait(false) ? 0 : failedRounds + 1;
            if (failedRounds >= creation.Agent.MaxFailedRounds)
            {
                return new RunEnd.Failed(new RunError(
                    "tools_failing",
                    $"All tool calls failed {failedRounds} times in a row.",
                    "Check the tool calls above, then try again."));
            }
        }

        return new RunEnd.Completed(recorder.Input.IncompleteReason);
    }
}
