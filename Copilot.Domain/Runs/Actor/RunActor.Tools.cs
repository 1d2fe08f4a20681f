using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Tools;

namespace Copilot.Domain.Runs.Actor;

/// <summary>The tool rounds of a run.</summary>
internal sealed partial class RunActor
{
    private const string OutcomeUnknown =
        "The outcome of this call is unknown: the server stopped while it was under way. Check what happened before repeating it.";

    /// <summary>Carries out every call that has no output yet. True when at least one succeeded.</summary>
    private async Task<bool> CallToolsAsync()
    {
        var succeeded = false;
        foreach (var call in Recorder.Input.Unanswered.ToArray())
        {
            Request(call);
        }

        BeginToWait();
        while (_tools.IsBusy || WaitsForPeople)
        {
            await StartReadyAsync().ConfigureAwait(false);
            switch (await ReceiveAsync().ConfigureAwait(false))
            {
                case RunMessage.ToolEnded ended:
                    RecordEnd(ended.Call, ended.Result);
                    succeeded |= ended.Result.Outcome is ToolOutcome.Ok;
                    break;
                case RunMessage.Decided decided:
                    succeeded |= TakeDecision(decided.Command.CallId);
                    break;
                case RunMessage.DecisionTimeUp over:
                    Expire(over.CallId);
                    break;
            }
        }

        // The request that carries the outputs is sent only when they are kept.
        await Recorder.Committed.ConfigureAwait(false);
        return succeeded;
    }

    private void Request(PendingCall call)
    {
        if (call.IsMcp)
        {
            RequestApproval(call);
            return;
        }

        var definition = RunSettings.Allows(Creation.Agent, call.Name) ? _tools.DefinitionOf(call.Name) : null;
        if (!Recorder.RequestedCalls.Contains(call.CallId))
        {
            Recorder.Record(
                new ToolRequested(
                    call.Name, call.Arguments, definition?.ReadOnly ?? false, Repeatable: definition is { ReadOnly: true } or { Idempotent: true }),
                call.CallId);
        }

        if (Recorder.Input.WasStarted(call.CallId) && !MayRunAgain(definition))
        {
            RecordOutcomeUnknown(call);
        }
        else if (definition is not null && _tools.Approvals.IsRequired(call.Name))
        {
            RequestApproval(call);
        }
        else if (definition is null && !RunSettings.Allows(Creation.Agent, call.Name))
        {
            Recorder.Record(
                new ToolFailed(call.Name, $"There is no tool named '{call.Name}'. Use only the tools you were given.", TimeSpan.Zero), call.CallId);
        }
        else
        {
            _tools.Add(call);
        }
    }

    private void RecordOutcomeUnknown(PendingCall call) =>
        Recorder.Record(new ToolOutcomeUnknown(call.Name, WithEditNote(call.CallId, OutcomeUnknown)), call.CallId);

    /// <summary>A call that started before a crash may run again only where that has no second effect, or a person said so.</summary>
    private bool MayRunAgain(ToolDefinition? definition) =>
        definition is null or { ReadOnly: true } or { Idempotent: true }
        || _resume?.Command is RunCommand.Resume { RepeatUnknownTools: true };

    private async Task StartReadyAsync()
    {
        var ready = _tools.TakeReady();
        if (ready.Count == 0)
        {
            return;
        }

        foreach (var call in ready)
        {
            Recorder.Record(new ToolStarted(call.Name, _tools.DeadlineOf(call.Name)), call.CallId);
        }

        // Nothing with effects happens before the log says that it may have happened.
        await Recorder.Committed.ConfigureAwait(false);
        foreach (var call in ready)
        {
            _tools.Start(call, Summary.RunId, Creation.Owner.UserId, Post);
        }
    }

    private void RecordEnd(PendingCall call, ToolResult result)
    {
        _tools.Ended(call);
        var output = WithEditNote(call.CallId, result.Output);
        Recorder.Record(
            result.Outcome switch
            {
                ToolOutcome.Ok => new ToolCompleted(call.Name, output, result.Duration),
                ToolOutcome.TimedOut => new ToolTimedOut(call.Name, output, result.Duration),
                ToolOutcome.Denied => new ToolDenied(call.Name, output, result.Duration),
                ToolOutcome.Cancelled => new ToolCancelled(call.Name, output, result.Duration),
                _ => new ToolFailed(call.Name, output, result.Duration),
            },
            call.CallId);
        if (result.Detail is { } detail)
        {
            LogToolDetail(call.Name, Summary.RunId, call.CallId, detail);
        }
    }
}
