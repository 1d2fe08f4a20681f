using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Tools;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Runs.Actor;

/// <summary>How a run comes to rest: tools stopped and answered, connection closed, and only then the last event.</summary>
internal sealed partial class RunActor
{
    private async Task EndAsync(RunEnd end)
    {
        await StopToolsAsync(end).ConfigureAwait(false);
        var closed = await _upstream.CloseAsync().ConfigureAwait(false);
        if (end is RunEnd.Abandoned)
        {
            LogAbandoned(Summary.RunId);
            return;
        }

        DrainNotices();
        if (closed is { } transport)
        {
            RecordClosed(transport.Kind, transport.End);
        }

        if (end is not RunEnd.Interrupted)
        {
            FailPendingSteers();
        }

        RecordEnd(end);
        await Recorder.Committed.ConfigureAwait(false);
        LogEnded(Summary.RunId, Summary.Status.ToWire(), (long)Duration.TotalMilliseconds, Summary.ToolCalls);
    }

    private TimeSpan Duration => RunTime.Now(_time) - Summary.CreatedAt;

    /// <summary>Stops what is under way. Every call of an ended run is answered; those of an interrupted one stay open.</summary>
    private async Task StopToolsAsync(RunEnd end)
    {
        DiscardPendingApprovals();
        await _tools.StopAsync().ConfigureAwait(false);
        var answers = new List<RunMessage.ToolEnded>();
        while (_mailbox.Reader.TryRead(out var message))
        {
            switch (message)
            {
                case RunMessage.ToolEnded ended:
                    answers.Add(ended);
                    break;
                case RunMessage.Connecting connecting when end is not RunEnd.Abandoned:
                    RecordNotice(connecting.Notice);
                    break;
                case RunMessage.Received { Event: var received }:
                    _unreadBytes.Release(received.Json.Length);
                    break;
                default:
                    Refuse(message);
                    break;
            }
        }

        if (end is RunEnd.Abandoned)
        {
            return;
        }

        foreach (var ended in answers)
        {
            // Whether a cancelled call had its effect is not known. A resumed run finds out; an ended one says so.
            if (end is not RunEnd.Interrupted || ended.Result.Outcome is ToolOutcome.Ok)
            {
                RecordEnd(ended.Call, ended.Result);
            }
        }

        if (end is RunEnd.Interrupted)
        {
            return;
        }

        AnswerWithoutCalling("This call was not carried out: the run was stopped before it started.");
    }

    /// <summary>Gives every call that has no output one, without carrying it out.</summary>
    private void AnswerWithoutCalling(string notCarriedOut)
    {
        foreach (var call in Recorder.Input.Unanswered.ToArray())
        {
            if (call.IsMcp)
            {
                Recorder.Record(new ApprovalDenied(ApprovalSentences.Stopped), call.CallId);
            }
            else if (Recorder.Input.WasStarted(call.CallId))
            {
                // It started before this process took the run up, and may have done what it does.
                RecordOutcomeUnknown(call);
            }
            else
            {
                Recorder.Record(new ToolCancelled(call.Name, notCarriedOut, TimeSpan.Zero), call.CallId);
            }
        }
    }

    private void DrainNotices()
    {
        while (_mailbox.Reader.TryRead(out var message))
        {
            if (message is RunMessage.Connecting connecting)
            {
                RecordNotice(connecting.Notice);
            }

            Refuse(message);
        }
    }

    private void RecordEnd(RunEnd end)
    {
        switch (end)
        {
            case RunEnd.Completed completed:
                Recorder.Record(new RunCompleted(Duration, Summary.Usage, CostAtEnd(end), completed.IncompleteReason));
                break;
            case RunEnd.Failed { Error: var error }:
                Recorder.Record(new RunFailed(Duration, Summary.Usage, CostAtEnd(end), error.Code, error.Message, error.Advice));
                break;
            case RunEnd.Cancelled cancelled:
                Recorder.RecordBy(cancelled.Actor, new RunCancelled(Duration, Summary.Usage, CostAtEnd(end), cancelled.Reason));
                break;
            case RunEnd.Interrupted interrupted:
                Recorder.RecordBySystem(new RunInterrupted(interrupted.Reason));
                break;
        }
    }

    [LoggerMessage(LogLevel.Information, "Run {RunId} created in session {SessionId}")]
    private partial void LogCreated(string runId, string sessionId);

    [LoggerMessage(LogLevel.Information, "Run {RunId} connected by {Transport}")]
    private partial void LogConnected(string transport, string runId);

    [LoggerMessage(LogLevel.Information, "Run {RunId} fell back to HTTP: {Reason}")]
    private partial void LogFellBack(string runId, string reason);

    [LoggerMessage(LogLevel.Information, "Response {ResponseId} of run {RunId} completed: {InputTokens} tokens in ({CachedTokens} cached), {OutputTokens} out")]
    private partial void LogResponse(string responseId, string runId, long inputTokens, long cachedTokens, long outputTokens);

    [LoggerMessage(LogLevel.Warning, "An attempt of run {RunId} failed ({Row}): {Reason}")]
    private partial void LogAttemptFailed(string runId, string row, string reason);

    [LoggerMessage(LogLevel.Warning, "Tool {Tool} of run {RunId}, call {CallId}: {Detail}")]
    private partial void LogToolDetail(string tool, string runId, string callId, string detail);

    [LoggerMessage(LogLevel.Information, "Run {RunId} is {Status} after {DurationMs} ms with {ToolCalls} tool calls")]
    private partial void LogEnded(string runId, string status, long durationMs, int toolCalls);

    [LoggerMessage(LogLevel.Error, "Run {RunId} stopped because its log can no longer be written")]
    private partial void LogAbandoned(string runId);

    [LoggerMessage(LogLevel.Error, "Unhandled exception in run {RunId}")]
    private partial void LogFaulted(Exception exception, string runId);
}
