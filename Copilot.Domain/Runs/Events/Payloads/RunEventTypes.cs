namespace Copilot.Domain.Runs.Events.Payloads;

/// <summary>
/// The product's own event types, with their data. None begins with <c>response.</c>. The list is open: readers ignore what
/// they do not know. Times in data are RFC 3339; durations are <c>…_ms</c> integers.
/// </summary>
public static class RunEventTypes
{
    /// <summary><c>{session_id, user_id, team_id, parent_run_id?, parent_seq?, agent:{id, version, name, model, instructions, tools[], hosted_tools?:[{type, server_label?}], limits:{tool_rounds, failed_rounds, duration_ms, budget_micros?, budget_currency?, on_budget?}}, text_format?, metadata{}}</c>. Always seq 1.</summary>
    public const string RunCreated = "run.created";

    /// <summary><c>{text, message_id?, files?: [{id, name, type, size}]}</c>: what the person asked. Always seq 2.</summary>
    public const string UserMessage = "user.message";

    /// <summary><c>{}</c>: the run left the queue.</summary>
    public const string RunStarted = "run.started";

    /// <summary><c>{reason}</c>: the run waits for a person.</summary>
    public const string RunWaiting = "run.waiting";

    /// <summary><c>{reason}</c>: an interrupted run goes on, or one that waited for a person.</summary>
    public const string RunResumed = "run.resumed";

    /// <summary><c>{duration_ms, incomplete_reason?, usage:{input_tokens, cached_tokens, output_tokens, reasoning_tokens}, cost:{amount_micros, currency, partial}}</c>. Terminal. No amount: it is not known.</summary>
    public const string RunCompleted = "run.completed";

    /// <summary><c>{duration_ms, code, message, advice?, usage, cost}</c>. Terminal.</summary>
    public const string RunFailed = "run.failed";

    /// <summary><c>{duration_ms, reason?, usage, cost}</c>. Terminal.</summary>
    public const string RunCancelled = "run.cancelled";

    /// <summary><c>{reason}</c>: rests; only <see cref="RunResumed"/> or <see cref="RunCancelled"/> may follow.</summary>
    public const string RunInterrupted = "run.interrupted";

    /// <summary><c>{attempt, mode: full|delta, previous_response_id, input_items, bytes, transport: websocket|http, endpoint, store}</c>; store: the upstream may keep the response.</summary>
    public const string AttemptSent = "attempt.sent";

    /// <summary><c>{delay_ms, reason, row, clock?}</c>: the response is asked for again after the delay. Row: of the failure policy; clock: the one that fired.</summary>
    public const string AttemptRetryScheduled = "attempt.retry_scheduled";

    /// <summary><c>{response_id, reason, may_be_billed_twice?, clock?}</c>: what this response streamed no longer counts.</summary>
    public const string AttemptSuperseded = "attempt.superseded";

    /// <summary><c>{kind, host}</c>.</summary>
    public const string TransportConnecting = "transport.connecting";

    /// <summary><c>{ahead}</c>: the process opens only so many connections at once.</summary>
    public const string TransportQueued = "transport.queued";

    /// <summary><c>{kind, elapsed_ms, prepared?}</c>; prepared: it was opened before the run began, while the user typed.</summary>
    public const string TransportConnected = "transport.connected";

    /// <summary><c>{response_id, input_items, bytes, usage}</c>: the upstream had read this much before the run began.</summary>
    public const string TransportWarmed = "transport.warmed";

    /// <summary><c>{kind, reason, clock?}</c>.</summary>
    public const string TransportLost = "transport.lost";

    /// <summary><c>{from, to, reason, clock?}</c>.</summary>
    public const string TransportFellBack = "transport.fell_back";

    /// <summary><c>{kind, reason, close_code?}</c>. Comes before the run's end, or where one connection takes another's place.</summary>
    public const string TransportClosed = "transport.closed";

    /// <summary><c>{name, arguments, read_only, repeatable}</c>; repeatable: a second run has no second effect.</summary>
    public const string ToolRequested = "tool.requested";

    /// <summary><c>{name, deadline_ms}</c>: committed before the tool is invoked.</summary>
    public const string ToolStarted = "tool.started";

    /// <summary><c>{name, output, duration_ms}</c>. Every end of a tool carries <c>output</c>: what the model reads.</summary>
    public const string ToolCompleted = "tool.completed";

    /// <summary><c>{name, output, duration_ms}</c>; also for bad arguments and unknown tools.</summary>
    public const string ToolFailed = "tool.failed";

    /// <summary><c>{name, output, duration_ms}</c>.</summary>
    public const string ToolTimedOut = "tool.timed_out";

    /// <summary><c>{name, output}</c>.</summary>
    public const string ToolDenied = "tool.denied";

    /// <summary><c>{name, output}</c>.</summary>
    public const string ToolCancelled = "tool.cancelled";

    /// <summary><c>{name, output?}</c>: it had started and nobody knows how it ended. With an output once a person has decided.</summary>
    public const string ToolOutcomeUnknown = "tool.outcome_unknown";

    /// <summary>
    /// <c>{of: response|compaction|warm_up, response_id?, model, currency, amount_micros?, prices:{model, input, cached, output, reasoning}?,
    /// next_at_least_micros?, usage}</c>: what was paid, in millionths of the currency's unit, with the prices per million tokens that
    /// counted then. No amount: the model had no price.
    /// </summary>
    public const string CostRecorded = "cost.recorded";

    /// <summary><c>{spent_micros, budget_micros, next_at_least_micros, currency, then: stop|ask, timeout_ms?}</c>: committed before the run ends or waits because of it.</summary>
    public const string BudgetReached = "budget.reached";

    /// <summary><c>{by_micros, budget_micros, currency}</c>: a person allows more; the budget is now so much.</summary>
    public const string BudgetRaised = "budget.raised";

    /// <summary>
    /// <c>{kind: tool|mcp, name, arguments, server_label?, timeout_ms}</c>: a person is asked about a call; its <c>call_id</c> is the
    /// call's, or the id of the MCP approval request.
    /// </summary>
    public const string ApprovalRequested = "approval.requested";

    /// <summary><c>{arguments?}</c>: the person behind it allowed the call; with arguments, these take the place of the model's.</summary>
    public const string ApprovalApproved = "approval.approved";

    /// <summary><c>{reason?}</c>: the person behind it did not allow the call; without a person, the run was stopped.</summary>
    public const string ApprovalDenied = "approval.denied";

    /// <summary><c>{}</c>: nobody decided in time.</summary>
    public const string ApprovalExpired = "approval.expired";

    /// <summary><c>{steer_id, text}</c>: what a person said to the run while it worked.</summary>
    public const string SteerRequested = "steer.requested";

    /// <summary><c>{steer_id, response_id}</c>: committed before the words are sent into the response.</summary>
    public const string SteerSent = "steer.sent";

    /// <summary><c>{steer_id, how: steer|next_request}</c>: the model has the words, where this event stands among its items.</summary>
    public const string SteerDelivered = "steer.delivered";

    /// <summary><c>{steer_id, reason, final?}</c>: they could not be sent into the response and go in with the next request; final: the run ended first.</summary>
    public const string SteerFailed = "steer.failed";

    /// <summary><c>{reason, input_items, bytes}</c>: the upstream is asked to make the conversation short.</summary>
    public const string CompactionStarted = "compaction.started";

    /// <summary><c>{items[], kept, usage?}</c>: from here on the run's input begins with these items, and its last <c>kept</c> ones follow.</summary>
    public const string CompactionCompleted = "compaction.completed";

    /// <summary><c>{reason}</c>: the conversation stays as it was.</summary>
    public const string CompactionFailed = "compaction.failed";

    /// <summary>True for <c>run.completed</c>, <c>run.failed</c> and <c>run.cancelled</c>: nothing may follow.</summary>
    public static bool IsTerminal(string type) => type is RunEventTypes.RunCompleted or RunEventTypes.RunFailed or RunEventTypes.RunCancelled;

    /// <summary>True when the run rests after this event: terminal or interrupted.</summary>
    public static bool IsSettled(string type) => IsTerminal(type) || type is RunEventTypes.RunInterrupted;

    /// <summary>True for the events that answer a tool call for good.</summary>
    public static bool IsToolEnd(string type) =>
        type is ToolCompleted or ToolFailed or ToolTimedOut or ToolDenied or ToolCancelled;
}
