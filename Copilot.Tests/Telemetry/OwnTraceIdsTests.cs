using System.Collections.Concurrent;
using System.Diagnostics;
using Copilot.Tests.Shared.Hosts;

namespace Copilot.Tests.Telemetry;

public sealed class OwnTraceIdsTests
{
    [Fact]
    public async Task Request_WithATraceOfItsOwn_GetsOneOfTheServer()
    {
        var seen = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity => seen.Enqueue(activity.TraceId.ToHexString()),
        };
        ActivitySource.AddActivityListener(listener);
        await using var host = await WholeHost.StartAsync();
        using var client = host.Client();
        var chosen = ActivityTraceId.CreateRandom().ToHexString();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        request.Headers.Add("traceparent", $"00-{chosen}-00f067aa0ba902b7-01");

        using var response = await client.SendAsync(request);

        Assert.True(response.IsSuccessStatusCode);
        Assert.NotEmpty(seen);
        Assert.DoesNotContain(chosen, seen);
    }
}
