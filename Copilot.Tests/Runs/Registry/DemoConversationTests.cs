using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Runs.Actor.Steering;
using Copilot.Tests.Runs.Actor;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Runs.Registry;

/// <summary>Whole runs on the demo upstream, which keeps the rules of steering and compaction by itself.</summary>
public sealed class DemoConversationTests : IAsyncLifetime
{
    private readonly TaskCompletionSource<string> _found = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualClock _clock = new();
    private DemoUpstreamHost _demo = null!;
    private RunHost _host = null!;

    public async ValueTask InitializeAsync() => _demo = await DemoUpstreamHost.StartAsync(_clock, tokensPerSecond: 0);

    public async ValueTask DisposeAsync()
    {
        _found.TrySetResult("{}");
        await _host.DisposeAsync();
        await _demo.DisposeAsync();
    }

    [Theory]
    [InlineData("gpt-6-demo", "response.steer.accepted", "steer.requested,steer.sent,steer.delivered steer")]
    [InlineData("demo", "response.steer.failed", "steer.requested,steer.sent,steer.failed,steer.delivered next_request")]
    [InlineData("gpt-5.6", "steer.requested", "steer.requested,steer.delivered next_request")]
    public async Task Words_WhileTheModelThinks_AreHeardOnceWhateverTheModelCan(string model, string answered, string fate)
    {
        _host = await StartAsync(_ => { });
        var run = await AskAsync("Hello", model, ("demo.thinking_ms", "1000"), ("demo.answer_tokens", "3"));
        await _host.SeeAsync(run, "response.created");
        await _host.Runs.AskAsync(run, new RunCommand.Steer(RunHost.Owner, "s1", "Keep it short."), CancellationToken.None);
        await _host.SeeAsync(run, answered);
        var events = await InTimeAsync(_host.RestAsync(run));

        Assert.Equal(fate, string.Join(',', SteeringScene.Fate(events, "s1")));
        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
        Assert.Equal(2, events.Count(e => e.Type == "response.completed"));
        Assert.Equal(["Hello", "Keep it short."], (await InputItemsAsync(events)).Where(text => text is "Hello" or "Keep it short."));
    }

    [Fact]
    public async Task Words_WhileTheModelCallsATool_WaitUpstreamForItsOutput()
    {
        _host = await StartAsync(_ => { });
        var run = await AskAsync("Hello", "gpt-6-demo", ("demo.thinking_ms", "1000"), ("demo.tool_rounds", "1"), ("demo.answer_tokens", "3"));
        await _host.SeeAsync(run, "response.created");
        await _host.Runs.AskAsync(run, new RunCommand.Steer(RunHost.Owner, "s1", "Keep it short."), CancellationToken.None);
        await _host.SeeAsync(run, "response.steer.accepted");
        await InTimeAsync(_host.SeeAsync(run, RunEventTypes.ToolStarted));
        _found.SetResult("{}");
        var events = await InTimeAsync(_host.RestAsync(run));

        Assert.Contains(events, e => e.Type == "response.steer.pending");

        // The script counts its rounds from the newest words, so there is another one.
        Assert.Equal(["full", "delta", "delta"], events.Where(e => e.Type == RunEventTypes.AttemptSent).Select(e => e.Text("mode")));
        Assert.Equal(["Hello", "Keep it short."], await InputItemsAsync(events));
        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
    }

    [Fact]
    public async Task TooLong_IsCompactedByTheDemoUpstreamAndTheRunGoesOn()
    {
        _host = await StartAsync(options => options.ContextTokens = 300);
        var first = await AskAsync("My dog is called Rex. " + new string('p', 4000), "demo");
        await _host.RestAsync(first);
        await _host.Runs.WhenIdleAsync().Soon("the run is let go");
        var second = await AskAsync("Hello again", "demo");
        var events = await _host.RestAsync(second);

        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
        Assert.Single(events, e => e.Type == RunEventTypes.CompactionCompleted);
        Assert.Equal(2, events.Single(e => e.Type == RunEventTypes.AttemptSent).Number("input_items"));
    }

    [Fact]
    public async Task Threshold_TheDemoUpstreamCompactsAndANewSocketBeginsWithItsItem()
    {
        _host = await StartAsync(options => options.CompactThreshold = 300);
        var first = await AskAsync("My dog is called Rex. " + new string('p', 4000), "demo");
        var compacted = await _host.RestAsync(first);
        await _host.Runs.WhenIdleAsync().Soon("the run is let go");
        var second = await AskAsync("Hello again", "demo");
        var events = await _host.RestAsync(second);

        Assert.Contains(compacted, e => e.Type == "response.compaction.compacting");
        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
        Assert.Equal(3, events.Single(e => e.Type == RunEventTypes.AttemptSent).Number("input_items"));
        Assert.True(events.Single(e => e.Type == RunEventTypes.AttemptSent).Number("bytes") < 4000, "What the compaction stands for is not sent again.");
    }

    /// <summary>Lets the model think whenever it waits for the clock.</summary>
    private async Task<T> InTimeAsync<T>(Task<T> work)
    {
        while (await Task.WhenAny(work, _clock.WhenTimersArmedAsync(1)) != work)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        return await work;
    }

    private async Task<RunHost> StartAsync(Action<UpstreamOptions> configure) => await RunHost.StartAsync(
        _demo.BaseAddress,
        options =>
        {
            options.Transport = TransportChoice.WebSocket;
            options.Store = true;
            configure(options);
        },
        new TestTool("find", cancellationToken => _found.Task.WaitAsync(cancellationToken)));

    private async Task<string> AskAsync(string input, string model, params (string Key, string Value)[] script)
    {
        var request = RunHost.Request(input, "ses_1");
        var outcome = await _host.Runs.StartAsync(
            request with { Agent = request.Agent with { Model = model }, Metadata = script.ToDictionary(pair => pair.Key, pair => pair.Value) },
            CancellationToken.None);
        return Assert.IsType<StartOutcome.Started>(outcome).Run.RunId;
    }

    /// <summary>What the model had read for the run's last response: texts of the messages.</summary>
    private async Task<IReadOnlyList<string?>> InputItemsAsync(IReadOnlyList<RunEvent> events)
    {
        var last = events.Last(e => e.Type == "response.completed").ResponseId;
        var read = await _demo.Http.GetStringAsync(new Uri($"responses/{last}/input_items?order=asc", UriKind.Relative));
        return [.. SteeringScene.Json(read).GetProperty("data").EnumerateArray()
            .Where(item => item.GetProperty("type").GetString() == "message")
            .Select(item => item.GetProperty("content") is { ValueKind: System.Text.Json.JsonValueKind.Array } parts ? parts[0].GetProperty("text").GetString() : item.GetProperty("content").GetString())];
    }
}
