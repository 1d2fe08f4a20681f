using Copilot.Domain.Runs.Events;
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
            Recorder.Tool(RunEventTypes.ToolRequested, call.CallId, data =>
            {
                data.WriteString("name", call.Name);
                data.WriteString("arguments", call.Arguments);
                data.WriteBoolean("read_only", definition?.ReadOnly ?? false);
                data.WriteBoolean("repeatable", definition is { ReadOnly: true } or { Idempotent: true });
            });
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
            Recorder.Tool(RunEventTypes.ToolFailed, call.CallId, data =>
            {
                data.WriteString("name", call.Name);
                data.WriteString("output", $"There is no tool named '{call.Name}'. Use only the tools you were given.");
                data.WriteNumber("duration_ms", 0);
            });
        }
        else
        {
            _tools.Add(call);
        }
    }

    private void RecordOutcomeUnknown(PendingCall call) => Recorder.Tool(RunEventTypes.ToolOutcomeUnknown, call.CallId, data =>
    {
        data.WriteString("name", call.Name);
        data.WriteString("output", WithEditNote(call.CallId, OutcomeUnknown));
    });

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
            Recorder.Tool(RunEventTypes.ToolStarted, call.CallId, data =>
            {
                data.WriteString("name", call.Name);
                data.WriteNumber("deadline_ms", (long)_tools.DeadlineOf(call.Name).TotalMilliseconds);
            });
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
        Recorder.Tool(TypeOf(result.Outcome), call.CallId, data =>
        {
            data.WriteString("name", call.Name);
            data.WriteString("output", WithEditNote(call.CallId, result.Output));
            data.WriteNumber("duration_ms", (long)result.Duration.TotalMilliseconds);
        });
        if (result.Detail is { } detail)
        {
            LogToolDetail(call.Name, Summary.RunId, call.CallId, detail);
        }
    }

    private static string TypeOf(ToolOutcome outcome) => outcome switch
    {
        ToolOutcome.Ok => RunEventTypes.ToolCompleted,
        ToolOutcome.TimedOut => RunEventTypes.ToolTimedOut,
        ToolOutcome.Denied => RunEventTypes.ToolDenied,
        ToolOutcome.Cancelled => RunEventTypes.ToolCancelled,
        _ => RunEventTypes.ToolFailed,
    };
}
