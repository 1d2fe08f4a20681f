using System.Diagnostics;
using Copilot.Domain.Runs.Actor.Sending;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Questions;
using Copilot.Domain.Telemetry;
using Copilot.Domain.Tools;
using Copilot.Domain.Tools.Schemas;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Runs.Actor.Calls;

/// <summary>The tool rounds of a run: each carries out, or answers, every call that has no output yet.</summary>
internal sealed partial class ToolRound(
    RunRecorder recorder,
    RunTools tools,
    PendingApprovals approvals,
    PendingQuestions questions,
    RunHold hold,
    IRunMailbox mailbox,
    RunCreation creation,
    ILogger logger)
{
    private const string OutcomeUnknown =
        "The outcome of this call is unknown: the server stopped while it was under way. Check what happened before repeating it.";

    /// <summary>True when a person said that calls whose outcome is unknown are to run again.</summary>
    public bool RepeatsUnknown { get; set; }

    /// <summary>True while a tool works.</summary>
    public bool IsUnderWay => tools.Running > 0;

    /// <summary>True when a call of this tool has no second effect when it runs again.</summary>
    public static bool IsRepeatable(ToolDefinition? definition) => definition is null or { ReadOnly: true } or { Idempotent: true };

    /// <summary>Waits for no answer any more.</summary>
    public void DiscardQuestions() => questions.Discard();

    /// <summary>Carries out every call that has no output yet. True when at least one succeeded.</summary>
    public async Task<bool> RunAsync()
    {
        var succeeded = false;
        foreach (var call in recorder.Input.Unanswered.ToArray())
        {
            await RequestAsync(call).ConfigureAwait(false);
        }

        approvals.BeginToWait();
        questions.BeginToWait();
        while (tools.IsBusy || approvals.Any || questions.Any)
        {
            if (!IsUnderWay)
            {
                hold.EndIfDraining();
            }

            await PauseByRuleAsync().ConfigureAwait(false);
            hold.Update(nothingUnderWay: tools.Running == 0 && tools.Waiting.Count > 0);
            await StartReadyAsync().ConfigureAwait(false);
            foreach (var call in tools.TakeHopeless())
            {
                recorder.Record(new ToolFailed(call.Name, ToolSentences.NotAlone(call.Name), TimeSpan.Zero), call.CallId);
            }

            if (!tools.IsBusy && !approvals.Any && !questions.Any)
            {
                break;
            }

            switch (await mailbox.ReceiveAsync().ConfigureAwait(false))
            {
                case RunMessage.ToolEnded ended:
                    RecordEnd(ended.Call, ended.Result);
                    succeeded |= ended.Result.Outcome is ToolOutcome.Ok;
                    break;
                case RunMessage.Asked { Command: RunCommand.Decision decision } asked:
                    succeeded |= await approvals.DecideAsync(asked, decision).ConfigureAwait(false);
                    break;
                case RunMessage.Asked { Command: RunCommand.Answer answer } asked:
                    succeeded |= await questions.AnswerAsync(asked, answer).ConfigureAwait(false);
                    break;
                case RunMessage.Asked { Command: RunCommand.CancelCall cancel }:
                    await CancelAsync(cancel).ConfigureAwait(false);
                    break;
                case RunMessage.DecisionTimeUp over:
                    approvals.Expire(over.CallId);
                    break;
                case RunMessage.QuestionTimeUp over:
                    questions.Expire(over.CallId);
                    break;
                case RunMessage.ToolFreed:
                    tools.Freed();
                    break;
            }
        }

        hold.Update(nothingUnderWay: false);

        // The request that carries the outputs waits for the commit of its own event, which comes after theirs.
        return succeeded;
    }

    private async Task RequestAsync(PendingCall call)
    {
        if (recorder.Interventions.IsCancelled(call.CallId))
        {
            // Before the server stopped, and it could not be answered any more.
            RecordCancelled(call);
            return;
        }

        if (call.IsMcp)
        {
            await approvals.RequestAsync(call).ConfigureAwait(false);
            return;
        }

        var definition = RunSettings.Allows(creation.Agent, call.Name) ? tools.DefinitionOf(call.Name) : null;
        call = call with { Arguments = CallIntent.Split(definition, call.Arguments, out var intent) };
        if (!recorder.RequestedCalls.Contains(call.CallId))
        {
            recorder.Record(
                new ToolRequested(
                    call.Name, call.Arguments, definition?.ReadOnly ?? false, Repeatable: definition is { ReadOnly: true } or { Idempotent: true })
                {
                    Intent = intent,
                },
                call.CallId);
        }

        if (recorder.Input.WasStarted(call.CallId) && !MayRunAgain(definition))
        {
            RecordOutcomeUnknown(call);
        }
        else if (definition is not null && tools.Switches.IsOff(call.Name))
        {
            recorder.Record(new ToolDenied(call.Name, ToolSentences.SwitchedOff(call.Name), TimeSpan.Zero), call.CallId);
        }
        else if (definition is { Name: AskUserTool.ToolName })
        {
            questions.Request(call);
        }
        else if (definition is not null && NeedsPerson(call))
        {
            await approvals.RequestAsync(call).ConfigureAwait(false);
        }
        else if (definition is null && !RunSettings.Allows(creation.Agent, call.Name))
        {
            recorder.Record(
                new ToolFailed(call.Name, $"There is no tool named '{call.Name}'. Use only the tools you were given.", TimeSpan.Zero), call.CallId);
        }
        else
        {
            tools.Add(call);
        }
    }

    /// <summary>A call that people were asked about before a restart stays theirs to decide, whatever asks for it now.</summary>
    private bool NeedsPerson(PendingCall call) => tools.Approvals.IsRequired(call.Name)
        || recorder.Rules.ApprovalOf(call.CallId) is not null
        || recorder.Approvals.Find(call.CallId) is not null;

    /// <summary>Pauses the run before its next tool where a rule has asked for that and is still in force.</summary>
    private async Task PauseByRuleAsync()
    {
        if (hold.IsHeld || tools.Waiting.Count == 0)
        {
            return;
        }

        recorder.Rules.Discard(recorder.RulesInForce.IsInForce);
        if (recorder.Rules.DuePauses is not { Count: > 0 } due)
        {
            return;
        }

        recorder.RecordTogether(() =>
        {
            foreach (var fired in due.DistinctBy(one => one.RuleId).ToArray())
            {
                recorder.RecordBy(EventActor.Rule(fired.RuleId!), new SupervisorPaused(RuleSentences.Reason(fired), CommandId: null));
            }
        });
        await recorder.CommitAsync().ConfigureAwait(false);
    }

    private void RecordOutcomeUnknown(PendingCall call) =>
        recorder.Record(new ToolOutcomeUnknown(call.Name, approvals.WithEditNote(call.CallId, OutcomeUnknown)), call.CallId);

    /// <summary>A call that started before a crash may run again only where that has no second effect, or a person said so.</summary>
    private bool MayRunAgain(ToolDefinition? definition) => IsRepeatable(definition) || RepeatsUnknown;

    /// <summary>A person has cancelled a call and it is recorded. One under way ends with its own message.</summary>
    private async Task CancelAsync(RunCommand.CancelCall cancel)
    {
        var call = recorder.Input.Unanswered.FirstOrDefault(one => one.CallId == cancel.CallId);
        if (call is null)
        {
            return;
        }

        var waited = approvals.Withdraw(cancel.Actor, cancel.CallId, cancel.Reason) || questions.Withdraw(cancel.CallId);
        if (waited || await tools.CancelAsync(cancel.CallId).ConfigureAwait(false) is not null)
        {
            RecordCancelled(call);
        }
    }

    private void RecordCancelled(PendingCall call)
    {
        var reason = recorder.Interventions.ReasonOf(call.CallId);
        if (recorder.Approvals.Find(call.CallId) is { Decision: null })
        {
            recorder.Record(new ApprovalDenied(reason), call.CallId);
        }

        if (call.IsMcp)
        {
            return;
        }

        if (recorder.Input.WasStarted(call.CallId) && tools.DefinitionOf(call.Name) is not { ReadOnly: true })
        {
            recorder.Record(new ToolOutcomeUnknown(call.Name, ApprovalSentences.Cancelled(reason, OutcomeUnknown)), call.CallId);
        }
        else
        {
            recorder.Record(new ToolCancelled(call.Name, ApprovalSentences.Cancelled(reason), TimeSpan.Zero), call.CallId);
        }
    }

    private async Task StartReadyAsync()
    {
        if (hold.IsHeld)
        {
            return;
        }

        var ready = tools.TakeReady();
        if (ready.Count == 0)
        {
            return;
        }

        recorder.RecordTogether(() =>
        {
            foreach (var call in ready)
            {
                recorder.Record(new ToolStarted(call.Name, tools.DeadlineOf(call.Name)), call.CallId);
            }
        });

        // Nothing with effects happens before the log says that it may have happened.
        await recorder.CommitAsync().ConfigureAwait(false);
        foreach (var call in ready)
        {
            using (AmbientActivity.Enter(recorder.Trace?.OfCall(call.CallId) ?? Activity.Current))
            {
                tools.Start(call, recorder.Summary.RunId, creation.Owner.UserId, mailbox.Post);
            }
        }
    }

    /// <summary>Records how a call ended.</summary>
    public void RecordEnd(PendingCall call, ToolResult result)
    {
        tools.Ended(call, result, mailbox.Post);
        var said = result.Outcome is ToolOutcome.Cancelled && recorder.Interventions.IsCancelled(call.CallId)
            ? ApprovalSentences.Cancelled(recorder.Interventions.ReasonOf(call.CallId), result.Output)
            : result.Output;
        var output = approvals.WithEditNote(call.CallId, said);
        recorder.Record(
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
            LogToolDetail(call.Name, recorder.Summary.RunId, call.CallId, detail);
        }
    }

    /// <summary>Gives every call that has no output one, without carrying it out.</summary>
    public void AnswerWithoutCalling(string notCarriedOut)
    {
        foreach (var call in recorder.Input.Unanswered.ToArray())
        {
            if (call.IsMcp)
            {
                recorder.Record(new ApprovalDenied(ApprovalSentences.Stopped), call.CallId);
            }
            else if (recorder.Input.WasStarted(call.CallId))
            {
                // It started before this process took the run up, and may have done what it does.
                RecordOutcomeUnknown(call);
            }
            else
            {
                recorder.Record(new ToolCancelled(call.Name, notCarriedOut, TimeSpan.Zero), call.CallId);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Tool {Tool} of run {RunId}, call {CallId}: {Detail}")]
    private partial void LogToolDetail(string tool, string runId, string callId, string detail);
}
