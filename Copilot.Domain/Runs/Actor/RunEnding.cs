using Copilot.Domain.Runs.Actor.Calls;
using Copilot.Domain.Runs.Actor.Sending;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Tools;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Runs.Actor;

/// <summary>How a run ends: tools stopped and answered, connection closed, and only then the last event.</summary>
internal sealed partial class RunEnding(
    RunRecorder recorder,
    RunUpstream upstream,
    RunTools running,
    IRunMailbox mailbox,
    RunConnection connection,
    PendingApprovals approvals,
    ToolRound tools,
    Steering steering,
    RunCosts costs,
    TimeProvider time,
    ILogger logger)
{
    private const string NotCarriedOut = "This call was not carried out: the run was stopped before it started.";

    private TimeSpan Duration => RunTime.Now(time) - recorder.Summary.CreatedAt;

    /// <summary>Ends the run. Returns when its last event is committed, or at once where the log can be written no further.</summary>
    public async Task EndAsync(RunEnd end)
    {
        end = await StopToolsAsync(end).ConfigureAwait(false);
        var closed = await recorder.Meanwhile(upstream.CloseAsync()).ConfigureAwait(false);
        if (end is RunEnd.Abandoned)
        {
            LogAbandoned(recorder.Summary.RunId);
            return;
        }

        while (mailbox.TryTake() is { } message)
        {
            if (AfterStop(end, message) is RunEnd.Cancelled stopped && end is RunEnd.Interrupted)
            {
                end = stopped;
                tools.AnswerWithoutCalling(NotCarriedOut);
            }

            if (message is RunMessage.Connecting connecting)
            {
                connection.RecordNotice(connecting.Notice);
            }
        }

        if (closed is { } transport)
        {
            connection.RecordClosed(transport.Kind, transport.End);
        }

        if (end is not RunEnd.Interrupted)
        {
            steering.FailPending();
        }

        Record(end);
        await recorder.CommitAsync().ConfigureAwait(false);
        LogEnded(recorder.Summary.RunId, recorder.Summary.Status.ToWire(), (long)Duration.TotalMilliseconds, recorder.Summary.ToolCalls);
    }

    /// <summary>A person who stops a run that is being interrupted has the last word: it does not resume after a restart.</summary>
    private static RunEnd AfterStop(RunEnd end, RunMessage message)
    {
        if (end is not RunEnd.Interrupted || message is not RunMessage.Asked { Command: RunCommand.Stop stop } asked)
        {
            return end;
        }

        asked.Reply(new CommandOutcome.Accepted());
        return RunEnd.Cancelled.By(stop);
    }

    /// <summary>Stops what is under way. Every call of an ended run is answered; those of an interrupted one stay open.</summary>
    /// <returns>How the run ends by then.</returns>
    private async Task<RunEnd> StopToolsAsync(RunEnd end)
    {
        approvals.Discard();
        tools.DiscardQuestions();
        await recorder.Meanwhile(running.StopAsync()).ConfigureAwait(false);
        var answers = new List<RunMessage.ToolEnded>();
        while (mailbox.TryTake() is { } message)
        {
            end = AfterStop(end, message);
            switch (message)
            {
                case RunMessage.ToolEnded ended:
                    answers.Add(ended);
                    break;
                case RunMessage.Connecting connecting when end is not RunEnd.Abandoned:
                    connection.RecordNotice(connecting.Notice);
                    break;
                case RunMessage.Received { Event: var received }:
                    upstream.UnwrittenBytes.Release(received.Json.Length);
                    break;
            }
        }

        if (end is RunEnd.Abandoned)
        {
            return end;
        }

        foreach (var ended in answers)
        {
            // Whether a cancelled call had its effect is not known. A resumed run finds out; an ended one says so.
            if (end is not RunEnd.Interrupted || ended.Result.Outcome is ToolOutcome.Ok)
            {
                tools.RecordEnd(ended.Call, ended.Result);
            }
        }

        if (end is not RunEnd.Interrupted)
        {
            tools.AnswerWithoutCalling(NotCarriedOut);
        }

        return end;
    }

    private void Record(RunEnd end)
    {
        switch (end)
        {
            case RunEnd.Completed completed:
                recorder.Record(new RunCompleted(Duration, recorder.Summary.Usage, costs.AtEnd(isCancelled: end is RunEnd.Cancelled), completed.IncompleteReason));
                break;
            case RunEnd.Failed { Error: var error }:
                recorder.Record(new RunFailed(Duration, recorder.Summary.Usage, costs.AtEnd(isCancelled: end is RunEnd.Cancelled), error.Code, error.Message, error.Advice));
                break;
            case RunEnd.Cancelled cancelled:
                recorder.RecordBy(cancelled.Actor, new RunCancelled(Duration, recorder.Summary.Usage, costs.AtEnd(isCancelled: end is RunEnd.Cancelled), cancelled.Reason) { CommandId = cancelled.CommandId });
                break;
            case RunEnd.Interrupted interrupted:
                recorder.RecordBySystem(new RunInterrupted(interrupted.Reason, recorder.Input.UnknownCalls is { Count: > 0 } unknown ? unknown : null));
                break;
        }
    }

    [LoggerMessage(LogLevel.Information, "Run {RunId} is {Status} after {DurationMs} ms with {ToolCalls} tool calls")]
    private partial void LogEnded(string runId, string status, long durationMs, int toolCalls);

    [LoggerMessage(LogLevel.Error, "Run {RunId} stopped because its log can no longer be written")]
    private partial void LogAbandoned(string runId);
}
