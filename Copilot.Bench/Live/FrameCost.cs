using System.Text.Json;
using Copilot.Bench.Product;
using Copilot.Bench.Reporting;
using Microsoft.Playwright;

namespace Copilot.Bench.Live;

/// <summary>What a page costs a real browser's main thread, from its own trace.</summary>
/// <param name="P99">Script and style of a sixtieth of a second, the 99th of a hundred, in milliseconds.</param>
/// <param name="LongTasks">Tasks of more than 50 ms.</param>
/// <param name="Busy">As <paramref name="P99"/>, by the thread's own clock: without the time in which the processor did other work.</param>
internal sealed record FrameCost(double P99, int LongTasks, double Busy)
{
    private const double FrameMicroseconds = 1_000_000 / 60.0;
    private const double LongTaskMicroseconds = 50_000;

    // What runs script and what follows from it; each has its duration with all that it contains.
    private static readonly HashSet<string> s_work =
        ["FunctionCall", "EvaluateScript", "TimerFire", "FireAnimationFrame", "EventDispatch", "RunMicrotasks", "UpdateLayoutTree", "Layout", "PrePaint", "Paint"];

    /// <summary>Watches a page of this browser for a while. Nothing else is open in it.</summary>
    public static Task<FrameCost> MeasureAsync(BenchBrowser browser, TimeSpan length, CancellationToken cancellationToken) =>
        MeasureAsync(browser, () => Task.Delay(length, cancellationToken));

    /// <summary>Watches a page of this browser while something is done with it.</summary>
    public static async Task<FrameCost> MeasureAsync(BenchBrowser browser, Func<Task> work)
    {
        var session = await browser.NewSessionAsync();
        var complete = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        session.Event("Tracing.tracingComplete").OnEvent += (_, data) => complete.TrySetResult(data!.Value.GetProperty("stream").GetString()!);
        await session.SendAsync("Tracing.start", new Dictionary<string, object>
        {
            ["transferMode"] = "ReturnAsStream",
            ["traceConfig"] = new Dictionary<string, object> { ["includedCategories"] = (string[])["devtools.timeline", "toplevel", "__metadata"] },
        });
        await work();
        await session.SendAsync("Tracing.end");
        return Read(await ReadStreamAsync(session, await complete.Task));
    }

    private static async Task<string> ReadStreamAsync(ICDPSession session, string handle)
    {
        var text = new System.Text.StringBuilder();
        while (true)
        {
            var part = (await session.SendAsync("IO.read", new Dictionary<string, object> { ["handle"] = handle }))!.Value;
            text.Append(part.GetProperty("data").GetString());
            if (part.GetProperty("eof").GetBoolean())
            {
                await session.SendAsync("IO.close", new Dictionary<string, object> { ["handle"] = handle });
                return text.ToString();
            }
        }
    }

    private static FrameCost Read(string trace)
    {
        using var document = JsonDocument.Parse(trace);
        var events = document.RootElement.GetProperty("traceEvents").EnumerateArray().ToArray();
        var mains = events
            .Where(one => Text(one, "name") == "thread_name" && one.GetProperty("args").GetProperty("name").GetString() == "CrRendererMain")
            .Select(Thread)
            .ToHashSet();
        var spans = events.Where(one => Text(one, "ph") == "X" && one.TryGetProperty("dur", out _) && mains.Contains(Thread(one))).ToArray();
        var (frames, busy) = (new Dictionary<long, double>(), new Dictionary<long, double>());
        var covered = new Dictionary<(int, int), double>();
        foreach (var span in spans.Where(one => s_work.Contains(Text(one, "name"))).OrderBy(one => one.GetProperty("ts").GetDouble()))
        {
            var (begin, end) = (span.GetProperty("ts").GetDouble(), span.GetProperty("ts").GetDouble() + span.GetProperty("dur").GetDouble());
            // One inside another is counted with it.
            begin = Math.Max(begin, covered.GetValueOrDefault(Thread(span)));
            if (end > begin)
            {
                covered[Thread(span)] = end;
                var frame = (long)(begin / FrameMicroseconds);
                frames[frame] = frames.GetValueOrDefault(frame) + end - begin;
                busy[frame] = busy.GetValueOrDefault(frame) + (span.TryGetProperty("tdur", out var own) ? Math.Min(own.GetDouble(), end - begin) : end - begin);
            }
        }

        var tasks = spans.Where(one => Text(one, "name") is "RunTask" or "ThreadControllerImpl::RunTask").Select(one => one.GetProperty("dur").GetDouble());
        return new FrameCost(
            At(frames),
            tasks.Count(duration => duration > LongTaskMicroseconds),
            At(busy));

        static double At(Dictionary<long, double> frames) => frames.Count == 0 ? 0 : Spread.Quantile([.. frames.Values.Order()], 0.99) / 1_000;
    }

    private static (int Process, int Thread) Thread(JsonElement one) => (one.GetProperty("pid").GetInt32(), one.GetProperty("tid").GetInt32());

    private static string Text(JsonElement one, string name) => one.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
