namespace Copilot.Domain.Runs.Events.Payloads;

/// <summary>
/// The types of the product's own events. None begins with <c>response.</c>. What each says, when and by whom is in the record of the
/// same name (<see cref="RunEventPayload"/>). The list is open: readers ignore what they do not know. Times in data are RFC 3339;
/// durations are <c>…_ms</c> integers.
/// </summary>
public static class RunEventTypes
{
    /// <inheritdoc cref="Payloads.RunCreated"/>
    public const string RunCreated = "run.created";

    /// <inheritdoc cref="Payloads.UserMessage"/>
    public const string UserMessage = "user.message";

    /// <inheritdoc cref="Payloads.RunForked"/>
    public const string RunForked = "run.forked";

    /// <inheritdoc cref="Payloads.RunStarted"/>
    public const string RunStarted = "run.started";

    /// <inheritdoc cref="Payloads.RunWaiting"/>
    public const string RunWaiting = "run.waiting";

    /// <inheritdoc cref="Payloads.RunResumed"/>
    public const string RunResumed = "run.resumed";

    /// <inheritdoc cref="Payloads.RunCompleted"/>
    public const string RunCompleted = "run.completed";

    /// <inheritdoc cref="Payloads.RunFailed"/>
    public const string RunFailed = "run.failed";

    /// <inheritdoc cref="Payloads.RunCancelled"/>
    public const string RunCancelled = "run.cancelled";

    /// <inheritdoc cref="Payloads.RunInterrupted"/>
    public const string RunInterrupted = "run.interrupted";

    /// <inheritdoc cref="Payloads.AttemptSent"/>
    public const string AttemptSent = "attempt.sent";

    /// <inheritdoc cref="Payloads.AttemptRetryScheduled"/>
    public const string AttemptRetryScheduled = "attempt.retry_scheduled";

    /// <inheritdoc cref="Payloads.AttemptSuperseded"/>
    public const string AttemptSuperseded = "attempt.superseded";

    /// <inheritdoc cref="Payloads.TransportConnecting"/>
    public const string TransportConnecting = "transport.connecting";

    /// <inheritdoc cref="Payloads.TransportQueued"/>
    public const string TransportQueued = "transport.queued";

    /// <inheritdoc cref="Payloads.TransportConnected"/>
    public const string TransportConnected = "transport.connected";

    /// <inheritdoc cref="Payloads.TransportWarmed"/>
    public const string TransportWarmed = "transport.warmed";

    /// <inheritdoc cref="Payloads.TransportLost"/>
    public const string TransportLost = "transport.lost";

    /// <inheritdoc cref="Payloads.TransportFellBack"/>
    public const string TransportFellBack = "transport.fell_back";

    /// <inheritdoc cref="Payloads.TransportClosed"/>
    public const string TransportClosed = "transport.closed";

    /// <inheritdoc cref="Payloads.ToolRequested"/>
    public const string ToolRequested = "tool.requested";

    /// <inheritdoc cref="Payloads.ToolStarted"/>
    public const string ToolStarted = "tool.started";

    /// <inheritdoc cref="Payloads.ToolCompleted"/>
    public const string ToolCompleted = "tool.completed";

    /// <inheritdoc cref="Payloads.ToolFailed"/>
    public const string ToolFailed = "tool.failed";

    /// <inheritdoc cref="Payloads.ToolTimedOut"/>
    public const string ToolTimedOut = "tool.timed_out";

    /// <inheritdoc cref="Payloads.ToolDenied"/>
    public const string ToolDenied = "tool.denied";

    /// <inheritdoc cref="Payloads.ToolCancelled"/>
    public const string ToolCancelled = "tool.cancelled";

    /// <inheritdoc cref="Payloads.ToolOutcomeUnknown"/>
    public const string ToolOutcomeUnknown = "tool.outcome_unknown";

    /// <inheritdoc cref="Payloads.CostRecorded"/>
    public const string CostRecorded = "cost.recorded";

    /// <inheritdoc cref="Payloads.BudgetReached"/>
    public const string BudgetReached = "budget.reached";

    /// <inheritdoc cref="Payloads.BudgetRaised"/>
    public const string BudgetRaised = "budget.raised";

    /// <inheritdoc cref="Payloads.ApprovalRequested"/>
    public const string ApprovalRequested = "approval.requested";

    /// <inheritdoc cref="Payloads.ApprovalApproved"/>
    public const string ApprovalApproved = "approval.approved";

    /// <inheritdoc cref="Payloads.ApprovalDenied"/>
    public const string ApprovalDenied = "approval.denied";

    /// <inheritdoc cref="Payloads.ApprovalExpired"/>
    public const string ApprovalExpired = "approval.expired";

    /// <inheritdoc cref="Payloads.SteerRequested"/>
    public const string SteerRequested = "steer.requested";

    /// <inheritdoc cref="Payloads.SteerSent"/>
    public const string SteerSent = "steer.sent";

    /// <inheritdoc cref="Payloads.SteerDelivered"/>
    public const string SteerDelivered = "steer.delivered";

    /// <inheritdoc cref="Payloads.SteerFailed"/>
    public const string SteerFailed = "steer.failed";

    /// <inheritdoc cref="Payloads.InputOmitted"/>
    public const string InputOmitted = "input.omitted";

    /// <inheritdoc cref="Payloads.CompactionStarted"/>
    public const string CompactionStarted = "compaction.started";

    /// <inheritdoc cref="Payloads.CompactionCompleted"/>
    public const string CompactionCompleted = "compaction.completed";

    /// <inheritdoc cref="Payloads.CompactionFailed"/>
    public const string CompactionFailed = "compaction.failed";

    /// <inheritdoc cref="Payloads.QuestionAsked"/>
    public const string QuestionAsked = "question.asked";

    /// <inheritdoc cref="Payloads.QuestionAnswered"/>
    public const string QuestionAnswered = "question.answered";

    /// <inheritdoc cref="Payloads.QuestionExpired"/>
    public const string QuestionExpired = "question.expired";

    /// <inheritdoc cref="Payloads.SupervisorPaused"/>
    public const string SupervisorPaused = "supervisor.paused";

    /// <inheritdoc cref="Payloads.SupervisorResumed"/>
    public const string SupervisorResumed = "supervisor.resumed";

    /// <inheritdoc cref="Payloads.SupervisorTookOver"/>
    public const string SupervisorTookOver = "supervisor.took_over";

    /// <inheritdoc cref="Payloads.SupervisorWrote"/>
    public const string SupervisorWrote = "supervisor.wrote";

    /// <inheritdoc cref="Payloads.SupervisorHandedBack"/>
    public const string SupervisorHandedBack = "supervisor.handed_back";

    /// <inheritdoc cref="Payloads.SupervisorCancelledCall"/>
    public const string SupervisorCancelledCall = "supervisor.cancelled_call";

    /// <inheritdoc cref="Payloads.SupervisorRetried"/>
    public const string SupervisorRetried = "supervisor.retried";

    /// <inheritdoc cref="Payloads.RuleFired"/>
    public const string RuleFired = "rule.fired";

    /// <summary>True for <c>run.completed</c>, <c>run.failed</c> and <c>run.cancelled</c>: nothing may follow.</summary>
    public static bool IsTerminal(string type) => type is RunEventTypes.RunCompleted or RunEventTypes.RunFailed or RunEventTypes.RunCancelled;

    /// <summary>True when the run has settled after this event: terminal or interrupted.</summary>
    public static bool IsSettled(string type) => IsTerminal(type) || type is RunEventTypes.RunInterrupted;
}
