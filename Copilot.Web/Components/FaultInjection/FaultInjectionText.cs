using System.Globalization;
using Copilot.Web.Sessions;

namespace Copilot.Web.Components.FaultInjection;

/// <summary>What the dialog and the badge say about simulated outages: each fault, its group, and what people should see.</summary>
internal static class FaultInjectionText
{
    public const string Title = "Simulate an outage";
    public const string MenuItem = "Simulate an outage…";
    public const string Badge = "Fault injection";
    public const string BadgeRest = "on";
    public const string Introduction =
        "Simulate an outage: the demo model fails as you choose, for everyone in this demo, from its next response or connection on.";
    public const string ActiveNow = "Active now";
    public const string NothingActive = "No faults are active.";
    public const string ForNewConnections = "for new connections";
    public const string StopAll = "Stop all";
    public const string NetworkField = "Network";
    public const string NoNetwork = "None";
    public const string HowOften = "How often";
    public const string Once = "once";
    public const string SeveralTimes = "several times";
    public const string Always = "until switched off";
    public const string Times = "Times";
    public const string Search = "Search faults";
    public const string NoneFound = "No matching faults.";
    public const string Inject = "Inject";

    private const string Http = "The answer arrives over HTTP instead. The top bar shows this until WebSockets work again.";
    private const string Again = "The answer stops. The timeline shows the lost attempt and a new connection, and the answer starts again.";
    private const string Moves = "A new connection is opened and the run continues. Only the timeline shows it.";
    private const string Waits = "The run shows how long it must wait, then continues. “Try now” ends the wait.";
    private const string Retries = "The timeline shows the failed attempt and a short wait, then the answer arrives.";
    private const string Ends = "The run fails at once, with the reason and what to do about it.";
    private const string Short = "The answer ends early, and the run shows why.";
    private const string Nothing = "Nothing: the answer arrives as usual.";
    private const string Raw = "The answer arrives as usual. The timeline shows what was not recognized.";
    private const string Garbage = "The attempt is abandoned and the request is sent over HTTP.";

    private const string Interruptions = "Interruptions";
    private const string Connecting = "Connection failures";
    private const string Throttling = "Rate limits and temporary errors";
    private const string Rejections = "Permanent errors";
    private const string CutShort = "Incomplete answers";
    private const string ConnectionAge = "Connection limits";
    private const string Unusual = "Unusual but valid traffic";
    private const string HttpRequests = "HTTP requests";

    private static readonly Dictionary<string, string> s_expectations = new()
    {
        ["upgrade_hang"] = Http,
        ["upgrade_delayed"] = Http,
        ["upgrade_200_html"] = Http,
        ["upgrade_401"] = Ends,
        ["upgrade_403_html"] = Http,
        ["upgrade_426"] = Http,
        ["upgrade_429"] = Waits,
        ["upgrade_500"] = Http,
        ["upgrade_503"] = Http,
        ["upgrade_redirect"] = Http,
        ["upgrade_reset"] = Http,
        ["open_close_1000"] = Retries,
        ["open_close_1008"] = "The run switches to HTTP and shows that it did.",
        ["open_close_1006"] = Retries,
        ["open_silence"] = "After ten seconds without a response the run switches to HTTP.",

        ["previous_response_not_found"] = "The whole conversation is sent again on the same connection. Only the timeline shows it.",
        ["limit_between_turns"] = Moves,
        ["limit_between_turns_close"] = Moves,
        ["limit_in_flight"] = Again,
        ["limit_in_flight_close"] = Again,
        ["limit_idle"] = Moves,
        ["limit_idle_close"] = Moves,

        ["cut"] = "The timeline shows the lost attempt and a new connection, then the answer arrives.",
        ["cut_text"] = Again,
        ["cut_arguments"] = "The call is repeated on a new connection. No tool runs twice.",
        ["half_open"] = "The answer stops until the dead connection is detected: up to 25 seconds, or three minutes over HTTP. Then it starts again.",
        ["silence"] = "The answer stops and does not continue, because pauses are allowed. Press Stop.",
        ["long_silence"] = "The answer stops for half a minute and then continues.",
        ["close_1000"] = Again,
        ["close_1001"] = Again,
        ["close_1005"] = Again,
        ["close_1006"] = Again,
        ["close_1008"] = Again,
        ["close_1009"] = "The request is too large for a WebSocket, so it is sent over HTTP.",
        ["close_1011"] = Again,
        ["close_1012"] = Again,
        ["close_1013"] = Again,

        ["rate_limit_header"] = Waits,
        ["rate_limit_body"] = Waits,
        ["rate_limit_message"] = Waits,
        ["rate_limit_failed"] = Waits,
        ["usage_limit_reached"] = Ends,
        ["server_is_overloaded"] = Waits,
        ["slow_down"] = Waits,
        ["error_503"] = Waits,
        ["error_500"] = Retries,
        ["response_failed"] = Retries,
        ["error_then_failed"] = Retries,
        ["error_flat"] = Retries,
        ["error_nested"] = Retries,
        ["error_detail"] = Ends,
        ["incomplete_max_output_tokens"] = Short,
        ["incomplete_content_filter"] = Short,
        ["context_length_exceeded"] = Ends,
        ["insufficient_quota"] = Ends,
        ["usage_not_included"] = Ends,
        ["invalid_prompt"] = Ends,
        ["cyber_policy"] = Ends,
        ["invalid_api_key"] = Ends,

        ["bad_json"] = Garbage,
        ["binary"] = Garbage,
        ["done_frame"] = Nothing,
        ["keepalive"] = Nothing,
        ["rate_limits_event"] = Nothing,
        ["unknown_event"] = Raw,
        ["unknown_item"] = Raw,
        ["sparse"] = Nothing,
        ["sequence_repeated"] = "The answer arrives complete.",
        ["sequence_restarts"] = Nothing,
        ["big_frame"] = "A very long answer arrives, and the page stays usable.",
        ["slow_drip"] = "The answer arrives slowly.",
        ["ping_storm"] = Nothing,

        ["http_hang"] = "After ten seconds without a response the request is sent again.",
        ["http_401"] = Ends,
        ["http_403_html"] = Ends,
        ["http_429"] = Waits,
        ["http_500"] = Retries,
        ["http_502_html"] = Retries,
        ["http_503"] = Waits,
        ["http_200_html"] = Retries,
        ["http_reset"] = Retries,
        ["http_cut"] = Again,
    };

    /// <summary>The groups of the menu, in its order.</summary>
    public static IReadOnlyList<string> Groups { get; } =
    [
        Interruptions, Connecting, Throttling, Rejections, CutShort, ConnectionAge, Unusual, HttpRequests,
    ];

    /// <summary>The group of a fault.</summary>
    public static string GroupOf(InjectableFault kind) => kind switch
    {
        { Place: FaultStage.Opening } => Connecting,
        { Place: FaultStage.Post } or { Name: "http_cut" } => HttpRequests,
        { Name: var name } when name.StartsWith("limit_", StringComparison.Ordinal) || name == "previous_response_not_found" => ConnectionAge,
        { Name: var name } when name.StartsWith("incomplete_", StringComparison.Ordinal) => CutShort,
        _ => Expectation(kind.Name) switch
        {
            Waits or Retries => Throttling,
            Ends => Rejections,
            _ => IsOddity(kind.Name) ? Unusual : Interruptions,
        },
    };

    /// <summary>What people should see.</summary>
    public static string Expectation(string kind) => s_expectations.GetValueOrDefault(kind, "");

    /// <summary>The name as people read it: <c>cut_text</c> is "cut text".</summary>
    public static string Name(string kind) => kind.Replace('_', ' ');

    /// <summary>The button that injects a fault.</summary>
    public static string InjectNamed(string kind) => $"{Inject}: {Name(kind)}";

    /// <summary>The transport that a fault needs.</summary>
    public static string Only(string transport) => transport == "http" ? "HTTP only" : "WebSocket only";

    /// <summary>The network that is simulated.</summary>
    public static string ActiveNetwork(string network) => $"network {network}";

    /// <summary>How long a fault stays active.</summary>
    public static string Left(InjectedFault request) => request.Left switch
    {
        null => Always,
        1 => "once more",
        var times => string.Create(CultureInfo.InvariantCulture, $"{times} more times"),
    };

    /// <summary>A network in a few words.</summary>
    public static string Network(SimulatedNetwork network) => string.Create(
        CultureInfo.InvariantCulture,
        $"{network.Name}: {network.RoundTrip.TotalMilliseconds:0} ms, {network.DownMegabits:0.#} Mbit/s{(network.Loss > 0 ? $", {network.Loss * 100:0.##} % lost" : "")}");

    /// <summary>What is active, in one sentence.</summary>
    public static string Summary(FaultInjectionState outage)
    {
        var parts = outage.Requests.Select(request => $"{Name(request.Kind)} ({Left(request)})").ToList();
        if (outage.Network is { } network)
        {
            parts.Add(ActiveNetwork(network));
        }

        return $"An admin is simulating an outage of the demo model: {string.Join(", ", parts)}.";
    }

    private static bool IsOddity(string kind) => kind is
        "bad_json" or "binary" or "done_frame" or "keepalive" or "rate_limits_event" or "unknown_event" or "unknown_item" or "sparse"
        or "sequence_repeated" or "sequence_restarts" or "big_frame" or "slow_drip" or "ping_storm";
}
