using System.Text;
using System.Text.Json;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Runs.Recordings;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;

namespace Copilot.Tests.Runs.Input;

/// <summary>Images of a conversation stay in the log until a request carries them.</summary>
public sealed class LongTextsTests
{
    private const string Created = """{"type":"response.created","response":{"id":"resp_1","status":"in_progress","output":[]}}""";
    private static readonly string s_image = Convert.ToBase64String(Enumerable.Range(0, 60_000).Select(i => (byte)(i * 7)).ToArray());
    private static readonly string s_small = Convert.ToBase64String(new byte[300]);

    [Fact]
    public void Fold_ItemWithAnImage_HoldsItsPlaceAndKnowsItsLength()
    {
        var items = Fold(Run());

        var image = Assert.Single(items, item => item.Contents.Count > 0);
        Assert.True(image.Json.Length < 1_000);
        Assert.Equal(ImageItem(s_image).Length, image.Length);
        Assert.Equal(s_image.Length, Assert.Single(image.Contents).Content.Size);
        Assert.Contains(items, item => Text(item.Json).Contains(s_small, StringComparison.Ordinal));
    }

    [Fact]
    public void Fold_TheSameEventsAgain_MakesTheSameItems()
    {
        var run = Run();

        Assert.All(Fold(run).Zip(Fold(run)), pair => Assert.True(pair.First.IsSame(pair.Second)));
        Assert.All(
            Fold(run).Zip(Fold(Run(Convert.ToBase64String(new byte[60_000])))),
            pair => Assert.Equal(pair.First.Contents.Count == 0, pair.First.IsSame(pair.Second)));
    }

    [Fact]
    public async Task Request_AfterAnImage_CarriesItByteForByte()
    {
        await using var upstream = await RecordedUpstream.StartAsync(
            RecordedAnswer.Stream(Created, Done(ImageItem(s_image)), Completed()),
            RecordedAnswer.Stream(Created, Done("""{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Yes."}]}"""), Completed()));
        await using var host = await upstream.HostAsync();
        await AskAsync(host, "Draw");
        var log = await AskAsync(host, "Is it blue?");

        Assert.Equal(RunEventTypes.RunCompleted, log[^1].Type);
        using var request = JsonDocument.Parse(upstream.Requests[^1]);
        var item = Assert.Single(
            request.RootElement.GetProperty("input").EnumerateArray(), one => one.GetProperty("type").GetString() == "image_generation_call");
        Assert.Equal(s_image, item.GetProperty("result").GetString());
        Assert.Equal("completed", item.GetProperty("status").GetString());
    }

    [Fact]
    public async Task OpenText_EventIsErasedOrShorter_IsAnIOException()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = Run();
        await database.Events.AppendAsync([new RunAppend(run.Summary, run.All)], CancellationToken.None);
        var place = Assert.Single(Assert.Single(Fold(run), item => item.Contents.Count > 0).Contents).Content.Source!;

        using var reader = new StreamReader(database.Events.OpenText(place));
        Assert.Equal(s_image, await reader.ReadToEndAsync());
        Assert.Throws<FileNotFoundException>(() => database.Events.OpenText(place with { Length = place.Length + 1_000_000 }));
        Assert.Throws<FileNotFoundException>(() => database.Events.OpenText(place with { Seq = 99 }));
    }

    private static async Task<IReadOnlyList<RunEvent>> AskAsync(RunHost host, string question)
    {
        await host.Runs.WhenIdleAsync().Soon("the run before is let go");
        return await host.RestAsync((await host.StartRunAsync(question)).RunId);
    }

    private static RunEvents Run(string? image = null)
    {
        var run = new RunEvents("run_1").Created("ses_1", "usr_1");
        run.Upstream(Created);
        run.Upstream(Done(ImageItem(image ?? s_image)));
        run.Upstream(Done(ImageItem(s_small), index: 1));
        run.Upstream(Completed(ImageItem(image ?? s_image), ImageItem(s_small)));
        return run;
    }

    private static IReadOnlyList<InputItem> Fold(RunEvents run)
    {
        var fold = new InputFold(store: false);
        foreach (var runEvent in run.All)
        {
            fold.Apply(runEvent);
        }

        return fold.Items;
    }

    private static string ImageItem(string result) => $$"""{"type":"image_generation_call","status":"completed","result":"{{result}}"}""";

    private static string Done(string item, int index = 0) => $$"""{"type":"response.output_item.done","output_index":{{index}},"item":{{item}}}""";

    private static string Completed(params string[] output) =>
        $$$"""{"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[{{{string.Join(',', output)}}}]}}""";

    private static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);
}
