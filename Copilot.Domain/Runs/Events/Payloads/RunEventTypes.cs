namespace Copilot.Domain.Runs.Events.Payloads;

/// <summary>
/// The types of the product's own events. None begins with <c>response.</c>. What each says, when and by whom is in the record of the
/// same name (<see cref="RunEventPayload"/>). The list is open: readers ignore what they do not know. Times in data are RFC 3339;
/// durations are <c>…_ms</c> integers.
/// </summary>
public static class RunEventTypes
{
    /// <inheritdoc cref="Events.RunCreated"/>
    public const string RunCreated = "run.created";

    /// <inheritdoc cref="Events.UserMessage"/>
    public const string UserMessage = "user.message";

    /// <inheritdoc cref="Events.RunStarted"/>
    public const string RunStarted = "run.started";

    /// <inheritdoc cref="Events.RunWaiting"/>
    public const string RunWaiting = "run.waiting";

    /// <inheritdoc cref="Events.RunResumed"/>
    public const string RunResumed = "run.resumed";

    /// <inheritdoc cref="Events.RunCompleted"/>
    public const string RunCompleted = "run.completed";

    /// <inheritdoc cref="Events.RunFailed"/>
    public const string RunFailed = "run.failed";

    /// <inheritdoc cref="Events.RunCancelled"/>
    public const string RunCancelled = "run.cancelled";

    /// <inheritdoc cref="Events.RunInterrupted"/>
    public const string RunInterrupted = "run.interrupted";

    /// <inheritdoc cref="Events.AttemptSent"/>
    public const string AttemptSent = "attempt.sent";

    /// <inheritdoc cref="Events.AttemptRetryScheduled"/>
    public const string AttemptRetryScheduled = "attempt.retry_scheduled";

    /// <inheritdoc cref="Events.AttemptSuperseded"/>
    public const string AttemptSuperseded = "attempt.superseded";

    /// <inheritdoc cref="Events.TransportConnecting"/>
    public const string TransportConnecting = "transport.connecting";

    /// <inheritdoc cref="Events.TransportQueued"/>
    public const string TransportQueued = "transport.queued";

    /// <inheritdoc cref="Events.TransportConnected"/>
    public const string TransportConnected = "transport.connected";

    /// <inheritdoc cref="Events.TransportWarmed"/>
    public const string TransportWarmed = "transport.warmed";

    /// <inheritdoc cref="Events.TransportLost"/>
    public const string TransportLost = "transport.lost";

    /// <inheritdoc cref="Events.TransportFellBack"/>
    public const string TransportFellBack = "transport.fell_back";

    /// <inheritdoc cref="Events.TransportClosed"/>
    public const string TransportClosed = "transport.closed";

    /// <inheritdoc cref="Events.ToolRequested"/>
    public const string ToolRequested = "tool.requested";

    /// <inheritdoc cref="Events.ToolStarted"/>
    public const string ToolStarted = "tool.started";

    /// <inheritdoc cref="Events.ToolCompleted"/>
    public const string ToolCompleted = "tool.completed";

    /// <inheritdoc cref="Events.ToolFailed"/>
    public const string ToolFailed = "tool.failed";

    /// <inheritdoc cref="Events.ToolTimedOut"/>
    public const string ToolTimedOut = "tool.timed_out";

    /// <inheritdoc cref="Events.ToolDenied"/>
    public const string ToolDenied = "tool.denied";

    /// <inheritdoc cref="Events.ToolCancelled"/>
    public const string ToolCancelled = "tool.cancelled";

    /// <inheritdoc cref="Events.ToolOutcomeUnknown"/>
    public const string ToolOutcomeUnknown = "tool.outcome_unknown";

    /// <inheritdoc cref="Events.CostRecorded"/>
    public const string CostRecorded = "cost.recorded";

    /// <inheritdoc cref="Events.BudgetReached"/>
    public const string BudgetReached = "budget.reached";

    /// <inheritdoc cref="Events.BudgetRaised"/>
    public const string BudgetRaised = "budget.raised";

    /// <inheritdoc cref="Events.ApprovalRequested"/>
    public const string ApprovalRequested = "approval.requested";

    /// <inheritdoc cref="Events.ApprovalApproved"/>
    public const string ApprovalApproved = "approval.approved";

    /// <inheritdoc cref="Events.ApprovalDenied"/>
    public const string ApprovalDenied = "approval.denied";

    /// <inheritdoc cref="Events.ApprovalExpired"/>
    public const string ApprovalExpired = "approval.expired";

    /// <inheritdoc cref="Events.SteerRequested"/>
    public const string SteerRequested = "steer.requested";

    /// <inheritdoc cref="Events.SteerSent"/>
    public const string SteerSent = "steer.sent";

    /// <inheritdoc cref="Events.SteerDelivered"/>
    public const string SteerDelivered = "steer.delivered";

    /// <inheritdoc cref="Events.SteerFailed"/>
    public const string SteerFailed = "steer.failed";

    /// <inheritdoc cref="Events.CompactionStarted"/>
    public const string CompactionStarted = "compaction.started";

    /// <inheritdoc cref="Events.CompactionCompleted"/>
    public const string CompactionCompleted = "compaction.completed";

    /// <inheritdoc cref="Events.CompactionFailed"/>
    public const string CompactionFailed = "compaction.failed";

    /// <summary>True for <c>run.completed</c>, <c>run.failed</c> and <c>run.cancelled</c>: nothing may follow.</summary>
    public static bool IsTerminal(string type) => type is RunEventTypes.RunCompleted or RunEventTypes.RunFailed or RunEventTypes.RunCancelled;

    /// <summary>True when the run rests after this event: terminal or interrupted.</summary>
    public static bool IsSettled(string type) => IsTerminal(type) || type is RunEventTypes.RunInterrupted;
}
