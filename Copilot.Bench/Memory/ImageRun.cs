using Copilot.Bench.Overhead;
using Copilot.Bench.Recording;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Registry;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.Timelines;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Copilot.Bench.Memory;

/// <summary>A run that makes fifty images of 2 MB, looked at by ten viewers from its beginning.</summary>
internal static class ImageRun
{
    private const int Viewers = 10;
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(200);

    /// <summary>What the run and its viewers held at most beyond the idle process, in bytes, and once it had ended with the viewers still there.</summary>
    public static async Task<(long Peak, long Ended)> MeasureAsync(BenchRun run, Uri upstream, CancellationToken cancellationToken)
    {
        await using var database = await BenchDatabase.CreateAsync(
            run.NewFolder(),
            services =>
            {
                ProductRuns.Add(services, upstream);
                services.Configure<UpstreamOptions>(options => options.Transport = TransportChoice.Http);
                services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
                services.AddSingleton<TimelineSnapshots>();
                services.AddSingleton<RunTimelines>();
            },
            records: false);
        var services = database.Services;
        _ = services.GetRequiredService<IOptions<UpstreamOptions>>().Value;
        var idle = LiveMemory.Measure();
        var viewers = new List<RunViewer>();
        var work = ProductRuns.RunAsync(
            database,
            started =>
            {
                for (var i = 0; i < Viewers; i++)
                {
                    viewers.Add(Look(services, started));
                }
            },
            cancellationToken);
        var peak = await LiveMemory.PeakAsync(work, s_between);
        var last = await work;
        if (last.Type is not RunEventTypes.RunCompleted)
        {
            throw new InvalidOperationException($"The run with images ended with {last.Type}: {System.Text.Encoding.UTF8.GetString(last.Data.Span)}");
        }

        await Task.WhenAll(viewers.Select(viewer => viewer.Completion));
        await services.GetRequiredService<RunRegistry>().WhenIdleAsync();
        var ended = LiveMemory.Measure();
        foreach (var viewer in viewers)
        {
            await viewer.DisposeAsync();
        }

        return (peak - idle, ended - idle);
    }

    private static RunViewer Look(IServiceProvider services, RunSummary run) => new(
        services.GetRequiredService<RunTimelines>(), TimeProvider.System, NullLogger<RunViewer>.Instance, run, _ => Task.CompletedTask, CancellationToken.None);
}
