using System.Text.Json;
using Copilot.Domain.Costs;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Tools;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Runs.Actor;

/// <summary>Runs whose model has a price: 1,000 EUR per million tokens, in or out; cached ones are free. A response of <see cref="Frames"/> costs 0.011 EUR.</summary>
internal static class PricedHost
{
    /// <summary>What a response of <see cref="Frames"/> costs: 6 tokens in, 4 from the cache, 5 out.</summary>
    public const long Response = 11_000;

    public static Task<RunHost> StartAsync(Uri upstream, Action<RunOptions> configure, TimeProvider time, params ITool[] tools) =>
        RunHost.StartWithAsync(
            upstream,
            services =>
            {
                services.AddSingleton(time);
                services.Configure<UpstreamOptions>(options => options.Transport = TransportChoice.WebSocket);
                services.Configure<PriceOptions>(Set);
                services.Configure(configure);
            },
            tools);

    /// <summary>Sets these prices.</summary>
    public static void Set(PriceOptions prices)
    {
        prices.Currency = "EUR";
        prices.Models.Add(new ModelPriceOptions { Model = "m", Input = 1_000, Cached = 0, Output = 1_000 });
        prices.Models.Add(new ModelPriceOptions { Model = "dear*", Input = 2_000, Output = 2_000 });
    }

    /// <summary>One field of the event's data.</summary>
    public static JsonElement Data(this RunEvent runEvent, string field)
    {
        using var data = runEvent.ParseData()!;
        return data.RootElement.GetProperty(field).Clone();
    }

    public static RunEvent Only(this IReadOnlyList<RunEvent> events, string type) => Assert.Single(events, e => e.Type == type);
}
