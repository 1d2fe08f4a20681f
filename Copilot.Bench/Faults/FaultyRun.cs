using System.Globalization;
using Copilot.Bench.Recording;
using Copilot.Bench.WarmUp;
using Copilot.Demo.Upstream.Faults;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Registry;
using Copilot.Domain.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Bench.Faults;

/// <summary>One whole run, of one tool round and an answer, that meets one fault with default settings; and what its log says about it.</summary>
internal sealed class FaultyRun
{
    private const int AnswerTokens = 40;

    private readonly IReadOnlyList<RunEvent> _events;

    private FaultyRun(IReadOnlyList<RunEvent> events, int toolRuns)
    {
        _events = events;
        ToolRuns = toolRuns;
    }

    /// <summary>How often the tool was actually invoked.</summary>
    public int ToolRuns { get; }

    /// <summary>How often the log says that it was started.</summary>
    public int ToolStarts => _events.Count(e => e.Type == RunEventTypes.ToolStarted);

    /// <summary>How it ended, with the error's code where it failed.</summary>
    public string End => _events[^1].Payload switch
    {
        RunFailed failed => "failed: " + failed.Code,
        RunCompleted { IncompleteReason: { } reason } => "incomplete: " + reason,
        _ => "completed",
    };

    /// <summary>Requests that were sent.</summary>
    public int Attempts => _events.Count(e => e.Type == RunEventTypes.AttemptSent);

    /// <summary>The rules of the failure policy that decided, once each.</summary>
    public string Rules => string.Join(", ", _events.Select(e => (e.Payload as AttemptRetryScheduled)?.Rule).OfType<string>().Distinct());

    /// <summary>The time-outs that fired, once each.</summary>
    public string Timeouts => string.Join(", ", _events.Select(e => TimeoutOf(e.Payload)?.Wire()).OfType<string>().Distinct());

    /// <summary>From beginning to end, in seconds.</summary>
    public double Seconds => Between(RunEventTypes.RunStarted, _events[^1].Type);

    /// <summary>Seconds from beginning until the first event of any response.</summary>
    public double FirstEvent => (_events.FirstOrDefault(e => e.Upstream is not null)?.At - First(RunEventTypes.RunStarted).At)?.TotalSeconds ?? double.NaN;

    /// <summary>Seconds from the last event of this type to the first event of a response after it.</summary>
    public double ToEventAfter(string type)
    {
        var from = _events.Last(e => e.Type == type);
        return (_events.First(e => e.Seq > from.Seq && e.Upstream is not null).At - from.At).TotalSeconds;
    }

    /// <summary>Seconds from the first event of this type to the first request after it.</summary>
    public double ToRequestAfter(string type)
    {
        var from = First(type);
        return (_events.First(e => e.Seq > from.Seq && e.Type == RunEventTypes.AttemptSent).At - from.At).TotalSeconds;
    }

    /// <summary>Seconds from the last event before the first of this type that came from the upstream.</summary>
    public double ToNotice(string type)
    {
        var noticed = First(type);
        return (noticed.At - _events.Last(e => e.Seq < noticed.Seq && e.Upstream is not null).At).TotalSeconds;
    }

    /// <summary>Seconds from the first event of one type to the first of another.</summary>
    public double Between(string from, string to) => (First(to).At - First(from).At).TotalSeconds;

    /// <summary>Runs it with a fresh upstream, breaker and database.</summary>
    public static async Task<FaultyRun> RunAsync(DemoFault? fault, string folder, CancellationToken cancellationToken)
    {
        await using var upstream = await DemoUpstream.StartAsync();
        if (fault is not null)
        {
            upstream.Faults.Inject(fault);
        }

        var tool = new CountedTool();
        await using var database = await BenchDatabase.CreateAsync(folder, services =>
        {
            services.Configure<UpstreamOptions>(options =>
            {
                (options.BaseUrl, options.ApiKey) = (upstream.BaseUrl, "bench");
                options.Transport = fault is not null && DemoFaultCatalog.Find(fault.Fault)!.Transport == "http" ? TransportChoice.Http : TransportChoice.Auto;
            });
            services.AddTools();
            services.AddSingleton<ITool>(tool);
            services.AddResponses();
            services.AddRuns();
        });
        try
        {
            var conversation = new TypedConversation(database.Services) { Metadata = Recordings.Script(1, AnswerTokens) };
            var events = await conversation.FollowAsync("Find the part.", cancellationToken);
            return new FaultyRun(events, tool.Runs);
        }
        finally
        {
            await database.Services.GetRequiredService<RunRegistry>().DisposeAsync();
        }
    }

    private RunEvent First(string type) => _events.FirstOrDefault(e => e.Type == type)
        ?? throw new InvalidOperationException(string.Create(
            CultureInfo.InvariantCulture, $"The run has no {type}: {string.Join(", ", _events.Where(e => e.Upstream is null).Select(e => e.Type))}"));

    private static UpstreamTimeout? TimeoutOf(RunEventPayload? payload) => payload switch
    {
        AttemptRetryScheduled retry => retry.Timeout,
        AttemptSuperseded superseded => superseded.Timeout,
        TransportLost lost => lost.Timeout,
        TransportFellBack fellBack => fellBack.Timeout,
        _ => null,
    };
}
