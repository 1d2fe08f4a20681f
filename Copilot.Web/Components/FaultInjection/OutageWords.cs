using System.Globalization;
using Copilot.Web.Sessions;

namespace Copilot.Web.Components.FaultInjection;

/// <summary>What the "Break it" menu says about each fault: where it stands, and what people should see when it strikes.</summary>
internal static class OutageWords
{
    private const string Http = "The answer comes by HTTP all the same. The top bar says so until a socket works again.";
    private const string Again = "The answer stops. The timeline shows the lost attempt, then a new connection, and the answer is written anew.";
    private const string Moves = "A new connection is opened and the run goes on. Only the timeline shows it.";
    private const string Waits = "The run says how long it was told to wait, then goes on. “Try now” cuts the wait short.";
    private const string Retries = "The timeline shows the failed attempt and a short wait, then the answer comes.";
    private const string Ends = "The run fails at once, with the reason and what to do about it.";
    private const string Short = "The answer ends early, and the run says why.";
    private const string Nothing = "Nothing: the answer comes as ever.";
    private const string Raw = "The answer comes as ever; the timeline keeps what was not understood.";
    private const string Garbage = "The attempt is given up and the request goes by HTTP.";

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
        ["open_close_1008"] = "The run turns to HTTP and says so.",
        ["open_close_1006"] = Retries,
        ["open_silence"] = "After ten seconds without a word the run turns to HTTP.",

        ["previous_response_not_found"] = "The whole conversation is sent again on the same connection. Only the timeline shows it.",
        ["limit_between_turns"] = Moves,
        ["limit_between_turns_close"] = Moves,
        ["limit_in_flight"] = Again,
        ["limit_in_flight_close"] = Again,
        ["limit_idle"] = Moves,
        ["limit_idle_close"] = Moves,

        ["cut"] = "The timeline shows the lost attempt and a new connection, then the answer comes.",
        ["cut_text"] = Again,
        ["cut_arguments"] = "The call is made anew on a new connection. No tool runs twice.",
        ["half_open"] = "The answer stops for up to 25 seconds, until the connection is known to be dead. Then it is written anew.",
        ["silence"] = "The answer stops and stays so: silence is allowed. Press Stop.",
        ["long_silence"] = "The answer stops for half a minute and then goes on.",
        ["close_1000"] = Again,
        ["close_1001"] = Again,
        ["close_1005"] = Again,
        ["close_1006"] = Again,
        ["close_1008"] = Again,
        ["close_1009"] = "The request is too big for a socket, so it goes by HTTP.",
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
        ["sequence_repeated"] = "The answer comes complete.",
        ["sequence_restarts"] = Nothing,
        ["big_frame"] = "A very long answer comes, and the page stays usable.",
        ["slow_drip"] = "The answer trickles.",
        ["ping_storm"] = Nothing,

        ["http_hang"] = "After ten seconds without a word the request is sent again.",
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
        "Cut and silence", "Opening a socket", "Told to wait", "Refused for good", "Answers cut short", "Connections too old", "Oddities", "Requests by HTTP",
    ];

    /// <summary>The group of a fault.</summary>
    public static string GroupOf(InjectableFault kind) => kind switch
    {
        { Place: FaultStage.Opening } => "Opening a socket",
        { Place: FaultStage.Post } or { Name: "http_cut" } => "Requests by HTTP",
        { Name: var name } when name.StartsWith("limit_", StringComparison.Ordinal) || name == "previous_response_not_found" => "Connections too old",
        { Name: var name } when name.StartsWith("incomplete_", StringComparison.Ordinal) => "Answers cut short",
        _ => Expectation(kind.Name) switch
        {
            Waits or Retries => "Told to wait",
            Ends => "Refused for good",
            _ => IsOddity(kind.Name) ? "Oddities" : "Cut and silence",
        },
    };

    /// <summary>What people should see.</summary>
    public static string Expectation(string kind) => s_expectations.GetValueOrDefault(kind, "");

    /// <summary>The name as people read it: <c>cut_text</c> is "cut text".</summary>
    public static string Title(string kind) => kind.Replace('_', ' ');

    /// <summary>How long an order stands.</summary>
    public static string Left(InjectedFault order) => order.Left switch
    {
        null => "until switched off",
        1 => "once more",
        var times => string.Create(CultureInfo.InvariantCulture, $"{times} times more"),
    };

    /// <summary>A network in a few words.</summary>
    public static string Network(SimulatedNetwork network) => string.Create(
        CultureInfo.InvariantCulture,
        $"{network.Name}: {network.RoundTrip.TotalMilliseconds:0} ms, {network.DownMegabits:0.#} Mbit/s{(network.Loss > 0 ? $", {network.Loss * 100:0.##} % lost" : "")}");

    /// <summary>What is broken, in one sentence.</summary>
    public static string Summary(FaultInjectionState outage)
    {
        var parts = outage.Orders.Select(order => $"{Title(order.Kind)} ({Left(order)})").ToList();
        if (outage.Network is { } network)
        {
            parts.Add($"network {network}");
        }

        return $"An admin has broken the demo upstream on purpose: {string.Join(", ", parts)}.";
    }

    private static bool IsOddity(string kind) => kind is
        "bad_json" or "binary" or "done_frame" or "keepalive" or "rate_limits_event" or "unknown_event" or "unknown_item" or "sparse"
        or "sequence_repeated" or "sequence_restarts" or "big_frame" or "slow_drip" or "ping_storm";
}
