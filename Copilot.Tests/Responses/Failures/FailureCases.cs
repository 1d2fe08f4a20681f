using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Failures;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Transports;

namespace Copilot.Tests.Responses.Failures;

/// <summary>Faults in their circumstances, and what is to be decided about them.</summary>
internal static class FailureCases
{
    private static readonly TimeSpan s_backoff = TimeSpan.FromMilliseconds(120);

    /// <summary>Every row of the table at least once: fault, circumstances, the row that decides, the decision.</summary>
    public static IEnumerable<(string Case, UpstreamFailure Fault, FailureContext Context, string Row, string Decision)> Cases()
    {
        var socket = Context(TransportKind.WebSocket, TransportChoice.Auto);
        var forced = Context(TransportKind.WebSocket, TransportChoice.WebSocket);
        var http = Context(TransportKind.Http, TransportChoice.Auto);
        var delta = socket with { Continuation = true };

        yield return ("length", new UpstreamFailure.Incomplete("max_output_tokens"), socket, "incomplete", "CompleteIncomplete max_output_tokens");
        yield return ("filter", new UpstreamFailure.Incomplete("content_filter"), http, "incomplete", "CompleteIncomplete content_filter");
        yield return ("steered", new UpstreamFailure.Incomplete("steered"), socket, "incomplete", "CompleteIncomplete steered");
        yield return ("no reason", new UpstreamFailure.Incomplete(null), socket, "incomplete", "CompleteIncomplete unknown");
        yield return ("idle close", Idle(1001), socket, "ended-idle", "ReconnectAndResendFull 0");
        yield return ("idle cut", Idle(null), forced, "ended-idle", "ReconnectAndResendFull 0");

        yield return ("parent gone", Told("previous_response_not_found", 400), delta, "parent-gone", "ResendFull");
        yield return ("parent gone over stored HTTP", Refused(400, "previous_response_not_found"), http with { Continuation = true }, "parent-gone", "ResendFull");
        yield return ("parent gone of a full request", Told("previous_response_not_found", 400), socket, "told", "EndRun previous_response_not_found");
        yield return ("output missing", Words(400, "No tool output found for function call call_1."), delta, "tool-pairing", "ResendFull");
        yield return ("call missing", Words(400, "No tool call found for function call output with call_id call_1."), socket, "tool-pairing-full", "EndRun upstream_error");
        yield return ("limit in flight", Told("websocket_connection_limit_reached", 400), delta, "connection-limit", "ReconnectAndResendFull 0");
        yield return ("limit of lanes", Told("websocket_stream_limit_reached", 400), socket, "connection-limit", "ReconnectAndResendFull 0");

        yield return ("quota as 429", Told("insufficient_quota", 429), socket, "quota", "EndRun insufficient_quota");
        yield return ("plan used up", Type("usage_limit_reached", 429), socket, "quota", "EndRun usage_limit_reached");
        yield return ("context, once", Told("context_length_exceeded", 400), socket with { MayCompact = true }, "compact-first", "CompactAndResend context_length_exceeded");
        yield return ("context over HTTP, once", Refused(400, "context_length_exceeded"), http with { MayCompact = true }, "compact-first", "CompactAndResend context_length_exceeded");
        yield return ("context", Told("context_length_exceeded", 400), socket, "context-too-long", "EndRun context_length_exceeded");
        yield return ("policy", Told("invalid_prompt", 400), socket, "policy", "EndRun invalid_prompt");
        yield return ("named policy", Told("cyber_policy", null), socket, "policy", "EndRun cyber_policy");
        yield return ("key over HTTP", Refused(401, "invalid_api_key"), http, "key-refused", "EndRun invalid_api_key");
        yield return ("key at the upgrade", Refused(401, null), socket, "key-refused", "EndRun upstream_refused");

        yield return ("429 with a delay", new UpstreamFailure.ReportedError(new ResponseError { Message = "m", Status = 429, Code = "rate_limit_exceeded", RetryAfter = TimeSpan.FromSeconds(2) }), socket, "rate-limited", "WaitAndRetry 2000");
        yield return ("429 at the upgrade", Refused(429, null, TimeSpan.FromSeconds(17)), socket, "rate-limited", "WaitAndRetry 17000");
        yield return ("429 without a delay", Told(null, 429), http, "rate-limited", "WaitAndRetry 1000");
        yield return ("failed with a limit", Told("rate_limit_exceeded", null), socket, "rate-limited", "WaitAndRetry 1000");
        yield return ("overloaded", Told("server_is_overloaded", 503), socket, "overloaded", "WaitAndRetry 5000");
        yield return ("slow down", Told("slow_down", null), socket, "overloaded", "WaitAndRetry 5000");
        yield return ("503 with a delay", Refused(503, null, TimeSpan.FromSeconds(3)), http, "overloaded", "WaitAndRetry 3000");
        yield return ("500", Told(null, 500), socket, "server-error", "WaitAndRetry 120");
        yield return ("failed without a status", Told("server_error", null), socket, "server-error", "WaitAndRetry 120");
        yield return ("502 of a proxy", Refused(502, null), http, "server-error", "WaitAndRetry 120");

        var message = new InputItem("""{"type":"message","role":"user","content":[{"type":"input_text","text":"Look."}]}"""u8.ToArray()) { Files = [new MessageFile("file_1", "cat.png", "image/png", 3)] };
        var thought = new InputItem("""{"type":"reasoning","id":"rs_0","summary":[],"encrypted_content":"k"}"""u8.ToArray());
        var search = new InputItem("""{"type":"web_search_call","status":"completed"}"""u8.ToArray());
        var whole = socket with { Input = [message, thought, search], HasReasoning = true, Extras = Enum.GetValues<RequestExtra>() };
        yield return ("summary", Param("unsupported_value", "reasoning.summary", "This organization must be verified."), whole, "extra-refused", "ResendWithout ReasoningSummary");
        yield return ("summary in words", Words(null, "Your organization must be verified to generate reasoning summaries."), whole, "extra-refused", "ResendWithout ReasoningSummary");
        yield return ("include in words", Words(400, "Unknown parameter: 'include'"), whole, "extra-refused", "ResendWithout Include");
        yield return ("strict of a tool", Param(null, "tools[0].strict", "Unsupported parameter: 'tools[0].strict'."), whole, "extra-refused", "ResendWithout StrictTools");
        yield return ("cache key", Words(422, "extra fields not permitted: prompt_cache_key"), whole, "extra-refused", "ResendWithout PromptCacheKey");
        yield return ("format on purpose", Param(null, "text.format", "Invalid schema."), whole, "told", "EndRun upstream_error");
        yield return ("effort on purpose", Param(null, "reasoning.effort", "Unsupported value."), whole, "told", "EndRun upstream_error");
        yield return ("foreign reasoning", Told("invalid_encrypted_content", 400), whole, "items-refused", "OmitAndResend reasoning");
        yield return ("foreign reasoning in words", Words(400, "The encrypted content k could not be verified."), whole, "items-refused", "OmitAndResend reasoning");
        yield return ("item not found", Param(null, "input", "Item with id 'rs_0' not found.") , whole, "items-refused", "OmitAndResend reasoning");
        yield return ("unknown item", Param("invalid_value", "input[2].type", "Invalid value: 'web_search_call'."), whole, "items-refused", "OmitAndResend web_search_call");
        yield return ("unknown item in words", Words(400, "Invalid value: 'reasoning'. Supported values are: 'message'."), whole, "items-refused", "OmitAndResend reasoning");
        yield return ("a message is needed", Param("invalid_value", "input[0].type", "Invalid value: 'message'."), whole, "told", "EndRun invalid_value");
        yield return ("picture", Told("image_parse_error", 400), whole, "file-refused", "OmitAndResend file_1");
        yield return ("picture in its place", Param("invalid_value", "input[0].content[1].image_url", "The image data is not valid."), whole, "file-refused", "OmitAndResend file_1");
        yield return ("file in words", Words(400, "Unsupported file type."), whole, "file-refused", "OmitAndResend file_1");
        yield return ("larger than a minute's allowance, once", Words(429, "Request too large for m on tokens per min (TPM): Limit 30000, Requested 45000."), socket with { MayCompact = true }, "compact-for-allowance", "CompactAndResend upstream_error");
        yield return ("larger than a minute's allowance", Words(429, "Rate limit reached: Limit 30,000, Requested 45,000."), socket, "larger-than-allowance", "EndRun upstream_error");
        yield return ("busy allowance", Words(429, "Rate limit reached: Limit 30000, Used 29000, Requested 4500."), socket, "rate-limited", "WaitAndRetry 1000");
        yield return ("no HTTP to fall back to", Refused(404, null), http with { SocketsWorked = true }, "no-http", "ReturnToSocket 120");
        yield return ("not there at all", Refused(404, null), http, "refused", "EndRun upstream_refused");
        yield return ("not implemented", Refused(501, null), http, "refused", "EndRun upstream_refused");
        yield return ("stalled", Broken(TransportFailure.StallTimeout), http, "lost", "WaitAndRetry 120");
        yield return ("silence with no HTTP", Broken(TransportFailure.FirstEventTimeout), socket with { HttpIsMissing = true }, "silent", "ReconnectAndResendFull 120");
        yield return ("wrong key by its type alone", new UpstreamFailure.ReportedError(new ResponseError { Message = "m", ErrorType = "authentication_error" }), socket, "key-refused", "EndRun authentication_error");

        yield return ("403", Refused(403, null), http, "refused", "EndRun upstream_refused");
        yield return ("426 of a forced socket", Refused(426, null), forced, "refused", "EndRun upstream_refused");
        yield return ("redirect", Refused(302, null), http, "refused", "EndRun upstream_refused");
        yield return ("steer not known", Told(null, 400), socket with { Steering = true, Arrived = true }, "steer-unknown", "ReconnectAndResendFull 0");
        yield return ("another error while steering", Told("something_new", null), socket with { Steering = true }, "told", "EndRun something_new");
        yield return ("bad request", Told(null, 400), socket, "told", "EndRun upstream_error");
        yield return ("flat error without a status", Told("something_new", null), socket, "told", "EndRun something_new");
        yield return ("error without anything", Told(null, null), socket, "told", "EndRun upstream_error");

        yield return ("1009", Lost(1009), socket, "too-big-for-a-socket", "UseHttpForThisRequest");
        yield return ("request too large", Broken(TransportFailure.TooLarge) with { MayHaveBeenSent = false }, socket, "too-big-for-a-socket", "UseHttpForThisRequest");
        yield return ("event too large", Broken(TransportFailure.TooLarge), socket, "too-big", "EndRun too_large");
        yield return ("1009 of a forced socket", Lost(1009), forced, "too-big", "EndRun upstream_lost");
        yield return ("101 and silence", Broken(TransportFailure.FirstEventTimeout) with { NeverDelivered = true }, socket, "silent-new-socket", "UseHttpForThisRun");
        yield return ("silence on a used socket", Broken(TransportFailure.FirstEventTimeout), socket, "silent-socket", "UseHttpForThisRequest");
        yield return ("silence over HTTP", Broken(TransportFailure.FirstEventTimeout), http, "silent", "WaitAndRetry 120");
        yield return ("silence of a forced socket", Broken(TransportFailure.FirstEventTimeout), forced, "silent", "ReconnectAndResendFull 120");
        yield return ("101 and 1008", Lost(1008) with { NeverDelivered = true }, socket, "accepted-then-refused", "UseHttpForThisRun");
        yield return ("101 and a cut, again", Lost(null) with { NeverDelivered = true }, socket with { Attempt = 2, Losses = 2 }, "accepted-then-refused", "UseHttpForThisRun");
        yield return ("101 and a cut", Lost(null) with { NeverDelivered = true }, socket, "lost", "ReconnectAndResendFull 120");
        yield return ("1008 of a forced socket", Lost(1008) with { NeverDelivered = true }, forced, "lost", "ReconnectAndResendFull 120");
        yield return ("third loss", Lost(1011), socket with { Attempt = 3, Losses = 3 }, "lost-often", "UseHttpForThisRun");
        yield return ("first loss after two waits", Lost(1011), socket with { Attempt = 3, Losses = 1 }, "lost", "ReconnectAndResendFull 120");
        foreach (var code in new int?[] { null, 1001, 1005, 1006, 1011, 1012, 1013 })
        {
            yield return ($"cut with {code}", Lost(code), socket with { Arrived = true }, "lost", "ReconnectAndResendFull 120");
        }

        yield return ("dead by ping", Broken(TransportFailure.KeepAliveTimeout), socket, "lost", "ReconnectAndResendFull 120");
        yield return ("stream of HTTP cut", Lost(null), http, "lost", "WaitAndRetry 120");
        yield return ("nothing listens", Broken(TransportFailure.Unreachable), http, "unreachable", "WaitAndRetry 120");
        yield return ("forced socket hangs", Broken(TransportFailure.ConnectTimeout), forced, "unreachable", "ReconnectAndResendFull 120");
        yield return ("garbage on a socket", Broken(TransportFailure.Protocol), socket, "garbage-on-a-socket", "UseHttpForThisRequest");
        yield return ("garbage over HTTP", Broken(TransportFailure.Protocol), http, "garbage-once", "WaitAndRetry 120");
        yield return ("garbage twice", Broken(TransportFailure.Protocol), http with { Attempt = 2, Garbled = 2 }, "unknown", "EndRun upstream_protocol");

        yield return ("hosted tool under way", Lost(null), socket with { Arrived = true, Effects = EffectsSoFar.Unknown }, "outcome-unknown", "EndRun outcome_unknown");
        yield return ("last attempt", Lost(null), forced with { Attempt = 5 }, "too-many-attempts", "EndRun upstream_lost");
        yield return ("limit at the last attempt", Told("websocket_connection_limit_reached", 400), socket with { Attempt = 5 }, "too-many-attempts", "EndRun websocket_connection_limit_reached");
        yield return ("a wait beyond the bound", Refused(429, null, TimeSpan.FromMinutes(3)), http, "too-long-a-wait", "EndRun upstream_refused");
        yield return ("waits that add up", Refused(429, null, TimeSpan.FromSeconds(61)), http with { Waited = TimeSpan.FromSeconds(60) }, "too-long-a-wait", "EndRun upstream_refused");
    }

    public static FailureContext Context(TransportKind kind, TransportChoice choice) =>
        new() { Kind = kind, Choice = choice, Attempt = 1, Backoff = s_backoff };

    public static UpstreamFailure.ReportedError Told(string? code, int? status) => new(new ResponseError { Code = code, Status = status, Message = "It says so." });

    public static UpstreamFailure.ReportedError Type(string type, int status) => new(new ResponseError { ErrorType = type, Status = status, Message = "It says so." });

    public static UpstreamFailure.ReportedError Param(string? code, string param, string message) =>
        new(new ResponseError { Code = code, Status = 400, Param = param, Message = message });

    public static UpstreamFailure.ReportedError Words(int? status, string message) => new(new ResponseError { Status = status, Message = message });

    public static UpstreamFailure.EndedIdle Idle(int? code) => new(new TransportEnd(TransportEndReason.ClosedByPeer, code, "Closed."));

    public static UpstreamFailure.Broken Refused(int status, string? code) => Refused(status, code, retryAfter: null);

    public static UpstreamFailure.Broken Refused(int status, string? code, TimeSpan? retryAfter) => new(
        new TransportException(TransportFailure.Refused, "Refused.", innerException: null)
        {
            HttpStatus = status,
            RetryAfter = retryAfter,
            MayHaveBeenSent = true,
            Error = code is null ? null : new ResponseError { Code = code, Status = status, Message = "Refused.", RetryAfter = retryAfter },
        });

    public static Break Lost(int? code) => new(TransportFailure.Lost, code);

    public static Break Broken(TransportFailure failure) => new(failure, CloseCode: null);

    /// <summary>A broken transport that can be varied.</summary>
    public sealed record Break(TransportFailure Failure, int? CloseCode)
    {
        public bool NeverDelivered { get; init; }

        public bool MayHaveBeenSent { get; init; } = true;

        public static implicit operator UpstreamFailure(Break broken) => new UpstreamFailure.Broken(
            new TransportException(broken.Failure, "It broke.", innerException: null)
            {
                CloseCode = broken.CloseCode,
                NeverDelivered = broken.NeverDelivered,
                MayHaveBeenSent = broken.MayHaveBeenSent,
            });
    }
}
