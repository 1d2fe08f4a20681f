using System.Text;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Runs.Actor;

/// <summary>What a run writes for its requests, over all of its attempts.</summary>
public sealed class RunRequestsTests
{
    [Fact]
    public async Task Run_DeltaRetryAndHttp_WritesItsSettingsForTheFirstAttemptOnly()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var host = await RunHost.StartAsync(
            upstream.BaseUrl, options => options.Transport = TransportChoice.Auto, new TestTool("look", _ => Task.FromResult("found it")));
        var metadata = new CountedMetadata();
        var outcome = await host.Runs.StartAsync(RunHost.Request("Look", "ses_1") with { Metadata = metadata }, CancellationToken.None);
        var run = Assert.IsType<StartOutcome.Started>(outcome).Run;
        var socket = await upstream.NextSocketAsync();
        var sent = new List<string> { await socket.ReceiveAsync() };
        var reads = metadata.Reads;

        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "look")));
        sent.Add(await socket.ReceiveAsync());
        socket.Cut();
        socket = await upstream.NextSocketAsync();
        sent.Add(await socket.ReceiveAsync());
        await socket.CloseAsync(1009, "message too big");
        var post = await upstream.NextPostAsync();
        sent.Add(post.Body);
        await post.SendAsync(Frames.Answer("resp_2", "Done."));
        post.End();
        var events = await host.RestAsync(run.RunId);

        Assert.Equal(reads, metadata.Reads);
        Assert.All(sent, request => Assert.Contains("\"metadata\":{\"ticket\":\"T-1\"}", request, StringComparison.Ordinal));
        var attempts = events.Where(e => e.Type == RunEventTypes.AttemptSent).ToList();
        Assert.Equal(["full", "delta", "full", "full"], attempts.Select(e => e.Text("mode")));
        Assert.Equal(sent.Select(request => (long?)Encoding.UTF8.GetByteCount(request)), attempts.Select(e => e.Number("bytes")));
        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
    }
}
