using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Transports;
using static Copilot.Domain.Responses.Failures.FailureDecision;

namespace Copilot.Domain.Responses.Failures;

public static partial class FailurePolicy
{
    private const string OutcomeUnknown = "outcome-unknown";
    private const string TooManyAttempts = "too-many-attempts";
    private const string TooLongAWait = "too-long-a-wait";

    /// <summary>How many lost sockets one response tolerates before the run uses HTTP.</summary>
    private const int LostSockets = 3;

    /// <summary>Minimum wait for a busy upstream that does not say how long.</summary>
    private static readonly TimeSpan s_busy = TimeSpan.FromSeconds(1);

    /// <summary>Minimum wait for an overloaded upstream.</summary>
    private static readonly TimeSpan s_overloaded = TimeSpan.FromSeconds(5);

    private static readonly Rule[] s_rules =
    [
        // A response that ended early is an answer.
        new("incomplete", f => f.Incomplete is not null, f => new CompleteIncomplete(f.Incomplete!.Reason ?? "unknown") { Reason = "The response ended early." }),

        // Between two responses nothing is lost.
        new("ended-idle", f => f.EndedIdle is not null, f => Reconnect(f, TimeSpan.Zero, "The connection ended between two responses.")),

        // Cured by sending the whole input.
        new("parent-gone", f => f.Context.Continuation && f.HasCode("previous_response_not_found"), f => ResendFull(f, "The model provider no longer has the previous response.")),
        new("tool-pairing", f => f.Context.Continuation && IsToolPairing(f), f => ResendFull(f, "The model provider's record of the tool calls differs from this run's.")),
        new("tool-pairing-full", IsToolPairing, f => End(f, "The model provider rejected the conversation's tool calls.")),
        new("connection-limit", f => f.HasCode("websocket_connection_limit_reached", "websocket_stream_limit_reached", "invalid_stream_id"),
            f => Reconnect(f, TimeSpan.Zero, "The connection reached the model provider's limit.")),

        // Only a person can change these. Before the rate limits, because a used-up quota also comes as 429.
        new("quota", f => f.HasCode("insufficient_quota", "usage_not_included", "usage_limit_reached", "billing_hard_limit_reached", "billing_not_active"),
            f => End(f, "The account with the model provider has no quota left.")),
        new("compact-first", f => f.Context.MayCompact && f.HasCode("context_length_exceeded"),
            f => new CompactAndResend(End(f, "The conversation is too long for the model.")) { Reason = "The conversation is too long for the model and is compacted." }),
        new("context-too-long", f => f.HasCode("context_length_exceeded", "string_above_max_length"), f => End(f, "The conversation is too long for the model.")),
        new("compact-for-allowance", f => f.Context.MayCompact && IsLargerThanItsAllowance(f),
            f => new CompactAndResend(End(f, "The request is larger than the model provider allows in a minute.")) { Reason = "The conversation is larger than the model provider allows in a minute, and is compacted." }),
        new("larger-than-allowance", IsLargerThanItsAllowance, f => End(f, "The request is larger than the model provider allows in a minute.")),
        new("policy", IsPolicy, f => End(f, "The model provider's policy does not allow the request.")),
        new("key-refused", f => f.Status is 401 || f.HasCode("invalid_api_key", "invalid_authentication", "authentication_error"),
            f => End(f, "The model provider rejected the API key.")),

        // Cured by leaving out what was refused. What the conversation can do without comes first: its words may name an extra, too.
        new("items-refused", f => RefusedItems(f) is not null,
            f => new OmitAndResend(RefusedItems(f), []) { Reason = $"The model provider refused the conversation's {ItemsFor(RefusedItems(f)!)}. It is left out from now on." }),
        new("extra-refused", f => RefusedExtra(f) is not null,
            f => new ResendWithout(RefusedExtra(f)!.Value) { Reason = $"The model provider does not accept {NameOf(RefusedExtra(f)!.Value)}. It is left out from now on." }),
        new("file-refused", f => RefusedFiles(f).Count > 0,
            f => new OmitAndResend(null, RefusedFiles(f)) { Reason = $"The model provider could not read {FilesFor(RefusedFiles(f))}. It is left out from now on." }),

        // Temporary failures.
        new("rate-limited", f => f.Status is 429 || f.HasCode("rate_limit_exceeded", "rate_limit_error", "too_many_requests"),
            f => Wait(f, AtLeast(f, s_busy), "The model provider asked us to wait.")),
        new("overloaded", f => f.Status is 503 or 529 || f.HasCode("server_is_overloaded", "slow_down", "overloaded_error", "engine_overloaded"),
            f => Wait(f, AtLeast(f, s_overloaded), "The model provider is overloaded.")),
        new("server-error", f => f.Status is (>= 500 and not (501 or 505)) or 408 or 409 || f.HasCode("server_error", "internal_error", "internal_server_error", "api_error", "vector_store_timeout"),
            f => Wait(f, AtLeast(f, TimeSpan.Zero), "The model provider had an internal error.")),

        // An upstream that does not know response.steer rejects it. The response it was meant for may still be running.
        new("steer-unknown", f => f.Context.Steering && f.Error is { } error && SteeringSupport.IsUnknownMessage(error),
            f => Reconnect(f, TimeSpan.Zero, "The model provider does not accept messages while it is answering.")),

        // A fall-back that does not exist must not end what sockets can do.
        new("no-http", f => f is { IsHttp: true, Context: { Choice: TransportChoice.Auto, SocketsWorked: true }, Status: 404 or 405 or 426 or 501 } && f.Error?.Code is null,
            f => new ReturnToSocket(f.Context.Backoff) { Reason = "The model provider has no HTTP endpoint to fall back to.", MayBeBilledTwice = false }),

        // Every other reported error is final: sending the request again would give the same answer.
        new("refused", f => f.Is(TransportFailure.Refused), f => End(f, "The model provider rejected the request.")),
        new("told", f => f.Error is not null, f => End(f, "The model provider reported an error.")),

        // Broken connections, from the most particular.
        new("too-big-for-a-socket", f => f.MayUseHttp && (f.Broken!.CloseCode is 1009 || f.Broken is { Failure: TransportFailure.TooLarge, MayHaveBeenSent: false }),
            f => new UseHttpForThisRequest { Reason = "The request is too large for a socket." }),
        new("too-big", f => f.Is(TransportFailure.TooLarge) || f.Broken!.CloseCode is 1009, f => End(f, "A request or a response was too large.")),
        new("silent-new-socket", f => f.MayUseHttp && f.Is(TransportFailure.FirstEventTimeout) && f.Broken!.NeverDelivered,
            f => new UseHttpForThisRun { Reason = "The WebSocket opened but sent nothing in time." }),
        new("silent-socket", f => f.MayUseHttp && f.Is(TransportFailure.FirstEventTimeout),
            f => new UseHttpForThisRequest { Reason = "The WebSocket sent nothing in time." }),
        new("silent", f => f.Is(TransportFailure.FirstEventTimeout), f => Again(f, f.Context.Backoff, "The model provider did not respond in time.")),
        new("accepted-then-refused", f => f.MayUseHttp && f.Broken is { NeverDelivered: true } && (SocketFailure.IsRefusal(f.Broken.CloseCode) || f.Context.Losses > 1),
            f => new UseHttpForThisRun { Reason = "The WebSocket opened and was closed again." }),
        new("lost-often", f => f.MayUseHttp && f.Context.Losses >= LostSockets && IsLost(f),
            f => new UseHttpForThisRun { Reason = $"The WebSocket connection was lost {f.Context.Losses} times." }),
        new("lost", IsLost, f => Again(f, f.Context.Backoff, "The connection was lost.")),
        new("unreachable", f => f.Is(TransportFailure.Unreachable) || f.Is(TransportFailure.ConnectTimeout),
            f => Again(f, f.Context.Backoff, "The model provider could not be reached.")),
        new("garbage-on-a-socket", f => f.MayUseHttp && f.Is(TransportFailure.Protocol),
            f => new UseHttpForThisRequest { Reason = "The WebSocket received data that could not be understood." }),
        new("garbage-once", f => f.Is(TransportFailure.Protocol) && f.Context.Garbled == 1,
            f => Again(f, f.Context.Backoff, "The model provider sent data that could not be understood.")),
        new("unknown", _ => true, f => End(f, "The model provider's response could not be understood.")),
    ];

    private static bool IsLost(FailureDetails details) => details.Is(TransportFailure.Lost) || details.Is(TransportFailure.KeepAliveTimeout) || details.Is(TransportFailure.StallTimeout);

    private static bool IsToolPairing(FailureDetails details) =>
        details.Mentions("No tool output found") || details.Mentions("No tool call found");

    private static bool IsPolicy(FailureDetails details) =>
        details.HasCode(s_policyCodes) || (details.Error?.Code is { } code && IsPolicyCode(code));

    private static string NameOf(RequestExtra extra) => extra switch
    {
        RequestExtra.ReasoningSummary => "reasoning.summary",
        RequestExtra.Include => "include",
        RequestExtra.PromptCacheKey => "prompt_cache_key",
        RequestExtra.StrictTools => "strict tools",
        _ => "parallel_tool_calls",
    };

    private static string ItemsFor(string type) => type == "reasoning" ? "earlier reasoning" : $"items of type {type}";

    private static string FilesFor(IReadOnlyList<MessageFile> files) => string.Join(", ", files.Select(file => $"\"{file.Name}\""));

    /// <summary>
    /// As long as the upstream asks for. No time at all says nothing, and one that was too short last time is not what it takes: the wait grows
    /// all the same, or every try is used up within a blink.
    /// </summary>
    private static TimeSpan AtLeast(FailureDetails details, TimeSpan least)
    {
        var asked = details.RetryAfter is { } told && told > TimeSpan.Zero ? told : least;
        return details.Context.Backoff > asked ? details.Context.Backoff : asked;
    }

    private static ResendFull ResendFull(FailureDetails details, string reason) => new() { Reason = reason, MayBeBilledTwice = details.MayBeBilledTwice };

    private static ReconnectAndResendFull Reconnect(FailureDetails details, TimeSpan delay, string reason) =>
        new(delay) { Reason = reason, MayBeBilledTwice = details.MayBeBilledTwice };

    private static WaitAndRetry Wait(FailureDetails details, TimeSpan delay, string reason) =>
        new(delay) { Reason = reason, MayBeBilledTwice = details.MayBeBilledTwice };

    /// <summary>A broken socket needs a new one; HTTP has nothing to connect again.</summary>
    private static FailureDecision Again(FailureDetails details, TimeSpan delay, string reason) =>
        details.IsHttp ? Wait(details, delay, reason) : Reconnect(details, delay, reason);

    private static EndRun End(FailureDetails details, string reason) => new(details.Code, details.Message, AdviceFor(details)) { Reason = reason };
}
