using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Copilot.Demo.Upstream.Faults;

/// <summary>
/// Every fault the demo upstream can inject. A fault is requested
/// <list type="bullet">
/// <item>per process with <see cref="DemoFaults"/> or <see cref="DemoUpstreamOptions.Faults"/>;</item>
/// <item>per request with <c>metadata</c>: <c>demo.fault</c> is the name, <c>demo.fault_times</c> how many times in a row
/// it is applied for this <c>prompt_cache_key</c>, or for all requests that name it without a key (default 1),
/// <c>demo.fault_skip</c> how many requests succeed first (default 0), <c>demo.fault_at</c> after how many events or
/// deltas it is applied, <c>demo.fault_seconds</c> its pause or the delay it reports, <c>demo.fault_over</c> the only transport
/// it is applied on (<c>websocket</c> or <c>http</c>); a request that names none meets none of these;</item>
/// <item>per address with the same keys in the query of the base address, for the upgrades that go to it and nothing else.</item>
/// </list>
/// An upgrade fault in metadata is refused: an upgrade does not say which request it is for, so it would strike others'. Where
/// the catalogue counts events the fault is applied before the event with that index, at the latest before the terminal one. The table is
/// the code: name, transport, what the client sees.
/// </summary>
public static class DemoFaultCatalog
{
    private const string Socket = "websocket";
    private const string Http = "http";

    /// <summary>All faults, in the order of a menu.</summary>
    public static ImmutableArray<DemoFaultKind> All { get; } =
    [
        Upgrade("upgrade_hang", "The upgrade is swallowed: no answer, until the client gives up."),
        Upgrade("upgrade_delayed", "The upgrade is answered some seconds late.") with { DefaultSeconds = 3 },
        Upgrade("upgrade_200_html", "The upgrade is answered 200 with a login page."),
        Upgrade("upgrade_401", "The upgrade is refused with 401."),
        Upgrade("upgrade_403_html", "The upgrade is refused with 403 and a block page."),
        Upgrade("upgrade_426", "The upgrade is refused with 426: use HTTP."),
        Upgrade("upgrade_429", "The upgrade is refused with 429 and Retry-After.") with { DefaultSeconds = 2 },
        Upgrade("upgrade_500", "The upgrade is refused with 500."),
        Upgrade("upgrade_503", "The upgrade is refused with 503 and Retry-After.") with { DefaultSeconds = 2 },
        Upgrade("upgrade_redirect", "The upgrade is redirected to another host."),
        Upgrade("upgrade_reset", "The connection is reset in the upgrade."),
        Upgrade("open_close_1000", "Accepted, then closed at once with 1000."),
        Upgrade("open_close_1008", "Accepted, then closed at once with 1008."),
        Upgrade("open_close_1006", "Accepted, then gone at once without a close frame."),
        Upgrade("open_silence", "Accepted, then no answer to anything; pings are answered."),

        Response("previous_response_not_found", null, "A continuation does not find its parent. A request without a parent is spared."),
        Response("limit_between_turns", Socket, "The connection is too old: the answer to a request; the socket stays open."),
        Response("limit_between_turns_close", Socket, "The connection is too old: the answer to a request, then close 1000."),
        Response("limit_in_flight", Socket, "The connection is too old: in the middle of a response; the socket stays open.") with { DefaultAt = 5 },
        Response("limit_in_flight_close", Socket, "The connection is too old: in the middle of a response, then close 1000.") with { DefaultAt = 5 },
        Response("limit_idle", Socket, "The connection is too old: said on the idle socket after a response, which stays open."),
        Response("limit_idle_close", Socket, "The connection is too old: said on the idle socket after a response, then close 1000."),

        Response("cut", null, "The connection is reset before the first event, or later."),
        Text("cut_text", null, "The connection is reset in the middle of the answer's text."),
        Arguments("cut_arguments", null, "The connection is reset in the middle of a call's arguments."),
        Response("half_open", null, "From here on nothing: no bytes, no pongs, no close.") with { DefaultAt = 5 },
        Response("silence", null, "From here on no events; pings are answered.") with { DefaultAt = 5 },
        Response("long_silence", null, "Silent for long in mid-response, then it goes on; pings are answered.") with { DefaultAt = 5, DefaultSeconds = 30 },
        Close(1000, "normal"),
        Close(1001, "going away"),
        Close(1005, "a close frame without a code"),
        Close(1006, "the end of the stream without a close frame"),
        Close(1008, "policy"),
        Close(1009, "too big"),
        Close(1011, "server error"),
        Close(1012, "restart"),
        Close(1013, "try again later"),

        Response("rate_limit_header", null, "429; the delay stands in headers.") with { DefaultSeconds = 2 },
        Response("rate_limit_body", null, "429; the delay stands in the error's own headers or body.") with { DefaultSeconds = 2 },
        Response("rate_limit_message", null, "429; the delay stands in the message.") with { DefaultSeconds = 2 },
        Response("rate_limit_failed", null, "response.failed with rate_limit_exceeded; the delay stands in the message.") with { DefaultAt = 2, DefaultSeconds = 2 },
        Response("usage_limit_reached", null, "429 usage_limit_reached; the delay stands beside the message.") with { DefaultSeconds = 2 },
        Response("server_is_overloaded", null, "503 server_is_overloaded."),
        Response("slow_down", null, "503 slow_down."),
        Response("error_503", null, "503 without a code."),
        Response("error_500", null, "500 server_error."),
        Response("response_failed", null, "response.failed with server_error.") with { DefaultAt = 5 },
        Response("error_then_failed", null, "An error event, then response.failed for the same.") with { DefaultAt = 5 },
        Response("error_flat", null, "An error event without a status and without an inner object.") with { DefaultAt = 2 },
        Response("error_nested", null, "An error event with an inner object and no status.") with { DefaultAt = 2 },
        Response("error_detail", null, "400 with a detail and no message."),
        Text("incomplete_max_output_tokens", null, "response.incomplete: the answer is cut short by its length."),
        Text("incomplete_content_filter", null, "response.incomplete: the answer is stopped by the content filter."),
        Response("context_length_exceeded", null, "The input is too long for the model."),
        Response("insufficient_quota", null, "429 insufficient_quota: nothing to wait for."),
        Response("usage_not_included", null, "403 usage_not_included."),
        Response("invalid_prompt", null, "400 invalid_prompt."),
        Response("cyber_policy", null, "400 cyber_policy."),
        Response("invalid_api_key", null, "401 in the band."),

        Response("bad_json", null, "A message that is no JSON, between the others.") with { DefaultAt = 3 },
        Response("binary", Socket, "A binary message, between the others.") with { DefaultAt = 3 },
        Response("done_frame", null, "[DONE] after the terminal event."),
        Response("keepalive", null, "keepalive events between the others.") with { DefaultAt = 3 },
        Response("rate_limits_event", null, "A codex.rate_limits event between the others.") with { DefaultAt = 3 },
        Response("unknown_event", null, "An event of an unknown type between the others.") with { DefaultAt = 3 },
        Response("unknown_item", null, "An output item of an unknown type."),
        Response("sparse", null, "No scaffolds, no output in the terminal event."),
        Response("sequence_repeated", null, "Events come twice, each with its number.") with { DefaultAt = 3 },
        Response("sequence_restarts", null, "The numbers begin again at 0.") with { DefaultAt = 3 },
        Response("big_frame", null, "One delta of 10 MB.") with { Counts = FaultCount.TextDeltas, DefaultAt = 1 },
        Response("slow_drip", null, "Every event dribbles in small pieces.") with { DefaultSeconds = 0.02 },
        Response("ping_storm", Socket, "A thousand pings between two events.") with { DefaultAt = 3 },

        Post("http_hang", "The POST is never answered."),
        Post("http_401", "The POST is refused with 401."),
        Post("http_403_html", "The POST is refused with 403 and a block page."),
        Post("http_429", "The POST is refused with 429 and Retry-After.") with { DefaultSeconds = 2 },
        Post("http_500", "The POST is refused with 500."),
        Post("http_502_html", "The POST is refused with 502 and a proxy's page."),
        Post("http_503", "The POST is refused with 503 and Retry-After.") with { DefaultSeconds = 2 },
        Post("http_200_html", "The POST is answered 200 with a login page."),
        Post("http_reset", "The connection is reset before the POST is answered."),
        Response("http_cut", Http, "The stream ends in the middle, as if it were complete.") with { DefaultAt = 5 },
    ];

    private static readonly FrozenDictionary<string, DemoFaultKind> s_byName = All.ToFrozenDictionary(kind => kind.Name);

    /// <summary>The fault of this name, or null.</summary>
    public static DemoFaultKind? Find(string name) => s_byName.GetValueOrDefault(name);

    private static DemoFaultKind Upgrade(string name, string description) =>
        new(name, DemoFaultStage.Upgrade, Socket, description);

    private static DemoFaultKind Response(string name, string? transport, string description) =>
        new(name, DemoFaultStage.Response, transport, description);

    private static DemoFaultKind Text(string name, string? transport, string description) =>
        Response(name, transport, description) with { Counts = FaultCount.TextDeltas, DefaultAt = 2 };

    private static DemoFaultKind Arguments(string name, string? transport, string description) =>
        Response(name, transport, description) with { Counts = FaultCount.ArgumentDeltas, DefaultAt = 1 };

    private static DemoFaultKind Close(int code, string meaning) =>
        Response($"close_{code}", Socket, $"Closed in mid-response with {code}: {meaning}.") with { DefaultAt = 5 };

    private static DemoFaultKind Post(string name, string description) =>
        new(name, DemoFaultStage.Post, Http, description);
}
