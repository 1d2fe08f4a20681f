using System.Text.Json;
using Copilot.Bench.Product;
using Copilot.Bench.Reporting;
using Microsoft.Playwright;

namespace Copilot.Bench.Live;

/// <summary>What a page costs a real browser's main thread, from its own trace.</summary>
/// <param name="ScriptAndStyle">Script, with the layout that it asks for, and style of a sixtieth of a second: the 99th of a hundred, in milliseconds.</param>
/// <param name="WithPaint">The same with layout and paint.</param>
/// <param name="OnTheWall">As <paramref name="WithPaint"/>, by the clock on the wall; the others are by the thread's own, without the time in which its processor did other work.</param>
/// <param name="LongTasks">Tasks of more than 50 ms.</param>
internal sealed record FrameCost(double ScriptAndStyle, double WithPaint, double OnTheWall, int LongTasks)
{
    /// <summary>How it is measured.</summary>
    public const string Condition =
        "script and style of a sixtieth of a second in a real browser, from its own trace, by the time that its main thread had a processor; beside it the same with layout and paint, and that by the clock on the wall, which counts what other work took from it";

    private const double FrameMicroseconds = 1_000_000 / 60.0;
    private const double LongTaskMicroseconds = 50_000;

    // What runs script and what follows from it; each has its duration with all that it contains.
    private static readonly HashSet<string> s_scriptAndStyle =
        ["FunctionCall", "EvaluateScript", "TimerFire", "FireAnimationFrame", "EventDispatch", "RunMicrotasks", "UpdateLayoutTree"];

    private static readonly HashSet<string> s_work = [.. s_scriptAndStyle, "Layout", "PrePaint", "Paint"];

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
        var (script, busy, wall) = (new Dictionary<long, double>(), new Dictionary<long, double>(), new Dictionary<long, double>());
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
                var own = span.TryGetProperty("tdur", out var length) ? Math.Min(length.GetDouble(), end - begin) : end - begin;
                wall[frame] = wall.GetValueOrDefault(frame) + end - begin;
                busy[frame] = busy.GetValueOrDefault(frame) + own;
                script[frame] = script.GetValueOrDefault(frame) + (s_scriptAndStyle.Contains(Text(span, "name")) ? own : 0);
            }
        }

        var tasks = spans.Where(one => Text(one, "name") is "RunTask" or "ThreadControllerImpl::RunTask").Select(one => one.GetProperty("dur").GetDouble());
        return new FrameCost(At(script), At(busy), At(wall), tasks.Count(duration => duration > LongTaskMicroseconds));

        static double At(Dictionary<long, double> frames) => frames.Count == 0 ? 0 : Spread.Quantile([.. frames.Values.Order()], 0.99) / 1_000;
    }

    private static (int Process, int Thread) Thread(JsonElement one) => (one.GetProperty("pid").GetInt32(), one.GetProperty("tid").GetInt32());

    private static string Text(JsonElement one, string name) => one.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
