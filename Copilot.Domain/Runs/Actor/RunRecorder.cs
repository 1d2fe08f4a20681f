using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Actor.Sending;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Rules;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Runs.Summaries.Supervision;
using Copilot.Domain.Runs.Telemetry;

namespace Copilot.Domain.Runs.Actor;

/// <summary>
/// Numbers a run's events, chains them, folds them, and hands them to the writer: what a run records before it pauses is one append.
/// Only the run's own loop uses it.
/// </summary>
internal sealed class RunRecorder(
    string runId, string? ownerId, RunEventWriter writer, TimeProvider time, bool upstreamStores, ByteBudget budget)
{
    /// <summary>So much waits at most for a run that does not pause.</summary>
    private const int MaxWaitingEvents = 32;
    private const int MaxWaitingBytes = 64 * 1024;

    private readonly List<RunEvent> _waiting = [];
    private int _waitingBytes;
    private int _budgetedBytes;
    private bool _together;
    private Task _committed = Task.CompletedTask;
    private ReadOnlyMemory<byte> _hash = RunEventChain.Start;
    private SaltKey? _saltKey;
    private RunSummary? _summary;
    private Action<int, Exception?>? _ended;

    /// <summary>Called when an append is refused for good, from any thread.</summary>
    public required Action<Exception> OnFailed { get; init; }

    /// <summary>The run as its events say.</summary>
    public RunSummary Summary => _summary ?? throw new InvalidOperationException("The run has no event yet.");

    /// <summary>The run's part of the conversation.</summary>
    public InputFold Input { get; } = new(upstreamStores);

    /// <summary>What people were asked about, and what they decided.</summary>
    public RunApprovals Approvals { get; } = new();

    /// <summary>What people were asked by the agent, and what they answered.</summary>
    public RunQuestions Questions { get; } = new();

    /// <summary>What people said to the run while it worked.</summary>
    public SteerFold Steers { get; } = new();

    /// <summary>What people did about the run.</summary>
    public RunInterventions Interventions { get; } = new();

    /// <summary>What rules have asked of the run.</summary>
    public RunRules Rules { get; } = new();

    /// <summary>The run's spans and metrics; null before the run is known.</summary>
    public RunTrace? Trace { get; set; }

    /// <summary>The rules that are in force now.</summary>
    public IRunRules RulesInForce { get; init; } = new NoRunRules();

    /// <summary>Calls that were announced already.</summary>
    public HashSet<string> RequestedCalls { get; } = [];

    /// <summary>Requests sent so far.</summary>
    public int Attempts { get; private set; }

    /// <summary>The response that the upstream's events belong to: the newest of the attempt under way, or null before it has begun.</summary>
    public string? ResponseId { get; private set; }

    /// <summary>The newest response that told its usage and whose cost is not recorded, or null.</summary>
    public ResponseSnapshot? UncostedResponse { get; private set; }

    /// <summary>True for a call that was announced, or that people were asked about, and has no output yet.</summary>
    public bool IsOpenCall(string callId) =>
        Input.Unanswered.Any(call => call.CallId == callId) && (RequestedCalls.Contains(callId) || Approvals.Find(callId) is { Decision: null });

    /// <summary>Takes up an event that the store already has.</summary>
    public void Restore(RunEvent runEvent)
    {
        _hash = runEvent.Hash;
        Fold(runEvent);
    }

    /// <summary>Records an event of the run itself.</summary>
    public void Record(RunEventPayload payload) => RecordOwn(EventSource.Agent, actor: null, payload, callId: null);

    /// <summary>Records an event of a tool call.</summary>
    public void Record(RunEventPayload payload, string callId) => RecordOwn(EventSource.Agent, actor: null, payload, callId);

    /// <summary>Records what a person did.</summary>
    public void RecordBy(EventActor actor, RunEventPayload payload) => RecordOwn(SourceOf(actor), actor, payload, callId: null);

    /// <summary>Records what a person did about a call.</summary>
    public void RecordBy(EventActor actor, RunEventPayload payload, string callId) => RecordOwn(SourceOf(actor), actor, payload, callId);

    /// <summary>Records an event of the product.</summary>
    public void RecordBySystem(RunEventPayload payload) => RecordOwn(EventSource.System, actor: null, payload, callId: null);

    /// <summary>Records what belongs together in one append: after a crash all of it is there, or nothing.</summary>
    public void RecordTogether(Action record)
    {
        _together = true;
        try
        {
            record();
        }
        finally
        {
            _together = false;
        }
    }

    /// <summary>
    /// Records a run's first events in one append, which does not wait for a store that is away: <see cref="CommitAsync"/> fails with
    /// <see cref="StorageUnavailableException"/> then, and there is no run.
    /// </summary>
    public void RecordFirst(Action record)
    {
        RecordTogether(record);
        HandOver(once: true);
    }

    /// <summary>Completes when all that was recorded so far is committed and visible.</summary>
    public Task CommitAsync()
    {
        HandOver();
        return _committed;
    }

    /// <summary>Hands what was recorded to the writer. Called before the run pauses: only while it is busy do events wait for each other.</summary>
    public void HandOver() => HandOver(once: false);

    /// <summary>The same task, which the run is about to wait for.</summary>
    public TTask Meanwhile<TTask>(TTask work)
        where TTask : Task
    {
        if (!work.IsCompleted)
        {
            HandOver();
        }

        return work;
    }

    /// <summary>Records an upstream event as it came, and gives its bytes back to the budget once it is committed.</summary>
    public void RecordUpstream(ResponseEvent upstream)
    {
        ResponseId = upstream is ResponseLifecycleEvent { Response.Id: { Length: > 0 } named } ? named : ResponseId;
        Append(
            new RunEventDraft
            {
                At = RunTime.Now(time),
                Source = EventSource.Upstream,
                Type = NameOf(upstream.Type),
                Data = upstream.Json,
                ResponseId = ResponseId,
                CallId = (upstream as OutputItemEvent)?.Item.CallId,
                Upstream = upstream,
            },
            upstream.Json.Length);
    }

    private EventSource SourceOf(EventActor actor) =>
        actor.Id == (_summary?.UserId ?? ownerId) ? EventSource.User
        : actor == EventActor.Retention || actor.Role == EventActor.RuleRole ? EventSource.System
        : EventSource.Supervisor;

    /// <summary>An upstream's event may not pass for one of ours.</summary>
    private static string NameOf(string type) =>
        type.StartsWith("response.", StringComparison.Ordinal) || type is "error" or "keepalive" ? type : "upstream." + type;

    private void RecordOwn(EventSource source, EventActor? actor, RunEventPayload payload, string? callId) => Append(
        new RunEventDraft
        {
            At = RunTime.Now(time),
            Source = source,
            Actor = actor,
            Type = RunEventRecords.TypeOf(payload),
            Data = RunEventRecords.Write(payload),
            CallId = callId,
        },
        budgeted: 0);

    private void Append(RunEventDraft draft, int budgeted)
    {
        var before = _summary;
        var isNewKey = _saltKey is null;
        _saltKey ??= SaltKey.Create();
        var runEvent = RunEventChain.Seal(runId, (before?.HeadSeq ?? 0) + 1, _hash, draft, _saltKey, isNewKey);
        _hash = runEvent.Hash;
        Fold(runEvent);
        Trace?.Observe(runEvent, Summary);
        _waiting.Add(runEvent);
        _waitingBytes += runEvent.Data.Length;
        _budgetedBytes += budgeted;
        RecordHits(before, runEvent);
        if (!_together && (_waiting.Count >= MaxWaitingEvents || _waitingBytes >= MaxWaitingBytes))
        {
            HandOver();
        }
    }

    /// <summary>What an event means to the rules stands in the same append: after a crash both are there, or neither.</summary>
    private void RecordHits(RunSummary? before, RunEvent runEvent)
    {
        if (runEvent.Payload is RuleFired || Summary.Status.IsSettled())
        {
            return;
        }

        foreach (var hit in RulesInForce.Evaluate(before, Summary, runEvent))
        {
            RecordOwn(
                EventSource.System,
                EventActor.Rule(hit.RuleId),
                new RuleFired(hit.RuleId, hit.Revision, hit.Name, hit.Effect, hit.Because, runEvent.Seq) { Undecided = hit.IsUndecided ? true : null },
                hit.CallId);
        }
    }

    private void HandOver(bool once)
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        var append = new PendingAppend(new RunAppend(Summary, [.. _waiting])) { Once = once, Bytes = _budgetedBytes, Ended = _ended ??= EndCommit };
        _waiting.Clear();
        (_waitingBytes, _budgetedBytes) = (0, 0);
        _committed = once ? writer.AppendOnceAsync(append) : writer.AppendAsync(append);
    }

    private void EndCommit(int budgeted, Exception? exception)
    {
        if (exception is not null)
        {
            OnFailed(exception);
        }

        if (budgeted > 0)
        {
            budget.Release(budgeted);
        }
    }

    private void Fold(RunEvent runEvent)
    {
        Input.Apply(runEvent);
        _summary = RunSummaryFold.Apply(_summary, runEvent, Input.OpenOutput);
        Approvals.Apply(runEvent);
        Questions.Apply(runEvent);
        Steers.Apply(runEvent);
        Interventions.Apply(runEvent);
        Rules.Apply(runEvent);
        switch (runEvent.Payload)
        {
            case ToolRequested when runEvent.CallId is { } callId:
                RequestedCalls.Add(callId);
                break;
            case ToolEnded or ToolOutcomeUnknown when runEvent.CallId is { } callId:
                // Some upstreams use an id again: that is another call.
                RequestedCalls.Remove(callId);
                break;
            case AttemptSent:
                Attempts++;
                ResponseId = null;
                break;
            case CostRecorded:
                UncostedResponse = null;
                break;
            case null when runEvent.Upstream is ResponseLifecycleEvent
            {
                Type: "response.completed" or "response.incomplete" or "response.failed" or "response.done",
                Response: { Usage: not null } ended,
            }:
                UncostedResponse = ended with { Output = [] };
                break;
        }
    }
}
