using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Runs.Actor.Steering;

/// <summary>A run on a scripted upstream, and somebody who says something to it while it works.</summary>
internal sealed class SteeringScene : IAsyncDisposable
{
    public const string Question = "Where is the pump?";

    private readonly TaskCompletionSource<string> _work = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SteeringScene(ScriptedUpstream upstream) => Upstream = upstream;

    public ScriptedUpstream Upstream { get; }

    public RunHost Host { get; private set; } = null!;

    public RunSummary Run { get; private set; } = null!;

    public TestTool Tool { get; private set; } = null!;

    public static async Task<SteeringScene> StartAsync(Action<UpstreamOptions> configure)
    {
        var scene = new SteeringScene(await ScriptedUpstream.StartAsync());
        scene.Tool = new TestTool("look", cancellationToken => scene._work.Task.WaitAsync(cancellationToken));
        scene.Host = await RunHost.StartAsync(
            scene.Upstream.BaseUrl,
            options =>
            {
                options.Transport = TransportChoice.WebSocket;
                configure(options);
            },
            scene.Tool);
        scene.Run = await scene.Host.StartRunAsync(Question);
        return scene;
    }

    /// <summary>The socket of a run whose first request has come.</summary>
    public async Task<ScriptedSocket> NextAsync()
    {
        var socket = await Upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        return socket;
    }

    /// <summary>Steers the first response, which has begun with these frames: the socket, when the message was sent on it.</summary>
    public async Task<ScriptedSocket> SteerAsync(string words, params string[] frames)
    {
        var socket = await NextAsync();
        await socket.SendAsync([Frames.Created("resp_1"), .. frames]);
        await SayAsync("s1", words);
        await socket.ReceiveAsync();
        return socket;
    }

    /// <summary>Answers the next request on a socket: what it was.</summary>
    public static async Task<string> AnswerOnAsync(ScriptedSocket socket, string responseId, string text)
    {
        var request = await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer(responseId, text));
        return request;
    }

    /// <summary>Answers the first request on the next socket: what it was.</summary>
    public async Task<string> AnswerAgainAsync(string responseId, string text) =>
        await AnswerOnAsync(await Upstream.NextSocketAsync(), responseId, text);

    /// <summary>Serves one round in which the tool runs: the socket, and the request that it received then.</summary>
    public async Task<(ScriptedSocket Socket, string Request)> ToolRoundAsync()
    {
        FinishTool();
        var socket = await NextAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "look")));
        return (socket, await socket.ReceiveAsync());
    }

    public Task<CommandOutcome> SayAsync(string id, string words) => SayAsync(Run.RunId, id, words);

    public Task<CommandOutcome> SayAsync(string runId, string id, string words) => Host.Runs
        .AskAsync(runId, new RunCommand.Steer(RunHost.Owner, id, words), CancellationToken.None).Soon("the words are kept or refused");

    /// <summary>Lets the tool end.</summary>
    public void FinishTool() => _work.TrySetResult("found it");

    public Task<IReadOnlyList<RunEvent>> RestAsync() => Host.RestAsync(Run.RunId);

    public static string Accepted(string id, string responseId) =>
        $$$"""{"type":"response.steer.accepted","steer":{"id":"{{{id}}}","previous_response_id":"{{{responseId}}}"}}""";

    public static string Pending(string id, string responseId) =>
        $$$"""{"type":"response.steer.pending","steer":{"id":"{{{id}}}","previous_response_id":"{{{responseId}}}"},"reason":"waiting_for_required_input","required_input":[{"type":"function_call_output","call_id":"call_1","name":"look"}]}""";

    public static string Failed(string? id, string responseId, string code) =>
        $$$"""{"type":"response.steer.failed","steer":{{{{(id is null ? "" : $"\"id\":\"{id}\",")}}}"previous_response_id":"{{{responseId}}}","input":"x"},"error":{"type":"invalid_request_error","code":"{{{code}}}","message":"No."}}""";

    public static string Steered(string id) =>
        $$$"""{"type":"response.incomplete","sequence_number":9,"response":{"id":"{{{id}}}","object":"response","status":"incomplete","incomplete_details":{"reason":"steered"},"usage":{"input_tokens":10,"input_tokens_details":{"cached_tokens":4},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":1},"total_tokens":15} } }""";

    /// <summary>What a request or frame carries as input: the words of users, the types of the rest.</summary>
    public static IReadOnlyList<string> InputOf(string frame) =>
    [
        .. Json(frame).GetProperty("input").EnumerateArray().Select(item => item.GetProperty("type").GetString() switch
        {
            "message" when item.GetProperty("role").GetString() == "user" => item.GetProperty("content")[0].GetProperty("text").GetString()!,
            { } type => type,
            null => "",
        }),
    ];

    public static string? Previous(string frame) =>
        Json(frame).TryGetProperty("previous_response_id", out var id) ? id.GetString() : null;

    public static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    /// <summary>What became of words, in order: types, with how they were delivered.</summary>
    public static IReadOnlyList<string> Fate(IEnumerable<RunEvent> events, string id) =>
    [
        .. events.Where(e => e.Type.StartsWith("steer.", StringComparison.Ordinal) && e.Text("steer_id") == id)
            .Select(e => e.Text("how") is { } how ? $"{e.Type} {how}" : e.Type),
    ];

    public async ValueTask DisposeAsync()
    {
        FinishTool();
        await Host.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}
