using Copilot.Domain.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Copilot.Tests.Tools;

public class ToolInvokerTests
{
    [Fact]
    public async Task InvokeAsync_ToolAnswers_ReturnsItsOutputAndDuration()
    {
        ToolHarness? harness = null;
        ToolContext? seen = null;
        await using var own = harness = ToolHarness.Of(new ScriptedTool("look", (context, arguments, _) =>
        {
            seen = context;
            harness!.Clock.Advance(TimeSpan.FromSeconds(2));
            return Task.FromResult(ToolResult.Ok($"saw {arguments.GetProperty("a").GetInt32()}"));
        }));

        var result = await harness.InvokeAsync("look", """{"a":7}""");

        Assert.Equal(new ToolResult(ToolOutcome.Ok, "saw 7", null) { Duration = TimeSpan.FromSeconds(2) }, result);
        Assert.Equal(new ToolIdempotencyKey("run_1", "call_1"), seen!.IdempotencyKey);
        Assert.Equal("user_1", seen.UserId);
        Assert.Equal(
            "Tool look of run run_1, call call_1, ended Ok after 2000 ms",
            (await harness.Log.NextAsync(LogLevel.Information)).Text);
    }

    [Fact]
    public async Task InvokeAsync_NoSuchTool_NamesTheToolsThereAre()
    {
        await using var harness = ToolHarness.Of(Answering("one"), Answering("two"));

        var result = await harness.InvokeAsync("three", "{}");

        Assert.Equal(ToolOutcome.UnknownTool, result.Outcome);
        Assert.Equal("There is no tool 'three'. The tools are: one, two.", result.Output);
    }

    [Theory]
    [InlineData("""{"a":""")]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("{} {}")]
    public async Task InvokeAsync_ArgumentsAreNoObject_FailsWithASentence(string arguments)
    {
        await using var harness = ToolHarness.Of(Answering("one"));

        var result = await harness.InvokeAsync("one", arguments);

        Assert.Equal(ToolOutcome.Failed, result.Outcome);
        Assert.Equal("The arguments of one are not a JSON object. Call it again with valid JSON.", result.Output);
    }

    [Fact]
    public async Task InvokeAsync_NoArgumentsAtAll_CountsAsAnEmptyObject()
    {
        await using var harness = ToolHarness.Of(Answering("one"));

        Assert.Equal(ToolOutcome.Ok, (await harness.InvokeAsync("one", "")).Outcome);
    }

    [Fact]
    public async Task InvokeAsync_ToolException_ReachesTheModelAndIsNoError()
    {
        await using var harness = ToolHarness.Of(new ScriptedTool("one", (_, _, _) => throw new ToolException("Pick another slot.")));

        var result = await harness.InvokeAsync("one", "{}");

        Assert.Equal(ToolOutcome.Failed, result.Outcome);
        Assert.Equal("Pick another slot.", result.Output);
        Assert.Null(result.Detail);
        Assert.DoesNotContain(harness.Log.Rest(), line => line.Level > LogLevel.Information);
    }

    [Theory]
    [InlineData(true, "one failed because of an internal error, which was logged.")]
    [InlineData(false, "one failed because of an internal error, which was logged. The outcome is unknown: it may or may not have taken effect. Check before repeating it.")]
    public async Task InvokeAsync_ToolBreaks_TheModelGetsASentenceAndTheLogTheException(bool readOnly, string sentence)
    {
        var broken = new InvalidOperationException("secret path");
        await using var harness = ToolHarness.Of(new ScriptedTool(
            ScriptedTool.Defined("one") with { ReadOnly = readOnly }, (_, _, _) => Task.FromException<ToolResult>(broken)));

        var result = await harness.InvokeAsync("one", "{}");

        Assert.Equal(ToolOutcome.Failed, result.Outcome);
        Assert.Equal(sentence, result.Output);
        Assert.Contains("secret path", result.Detail, StringComparison.Ordinal);
        Assert.Same(broken, (await harness.Log.NextAsync(LogLevel.Error)).Exception);
    }

    [Fact]
    public async Task InvokeAsync_ToolCancelsItself_IsAnErrorOfTheTool()
    {
        await using var harness = ToolHarness.Of(new ScriptedTool("one", (_, _, _) => throw new TaskCanceledException("its own time-out")));

        var result = await harness.InvokeAsync("one", "{}");

        Assert.Equal(ToolOutcome.Failed, result.Outcome);
        Assert.IsType<TaskCanceledException>((await harness.Log.NextAsync(LogLevel.Error)).Exception);
    }

    [Fact]
    public async Task InvokeAsync_ToolReturnsNull_IsAnErrorOfTheTool()
    {
        await using var harness = ToolHarness.Of(new ScriptedTool("one", (_, _, _) => Task.FromResult<ToolResult>(null!)));

        Assert.Equal(ToolOutcome.Failed, (await harness.InvokeAsync("one", "{}")).Outcome);
    }

    [Fact]
    public async Task InvokeAsync_OutputTooLong_IsCutWithANote()
    {
        await using var harness = new ToolHarness(services => services
            .AddSingleton<ITool>(new ScriptedTool("one", (_, _, _) => Task.FromResult(ToolResult.Ok(new string('x', 5_000)))))
            .Configure<ToolOptions>(options => options.MaxOutputChars = 1_000));

        var result = await harness.InvokeAsync("one", "{}");

        const string Note = "\n[The output was cut off here: it has 5,000 characters. Ask for less to see all of it.]";
        Assert.Equal(new string('x', 1_000 - Note.Length) + Note, result.Output);
    }

    [Fact]
    public async Task InvokeAsync_OutputCutInsideASurrogatePair_RemovesTheWholePair()
    {
        // The odd first character puts a pair across every even position.
        var text = "x" + string.Concat(Enumerable.Repeat("🔧", 1_000));
        await using var harness = new ToolHarness(services => services
            .AddSingleton<ITool>(new ScriptedTool("one", (_, _, _) => Task.FromResult(ToolResult.Ok(text))))
            .AddSingleton<ITool>(new ScriptedTool("two", (_, _, _) => Task.FromResult(ToolResult.Ok(text[1..]))))
            .Configure<ToolOptions>(options => options.MaxOutputChars = 1_000));

        foreach (var name in (string[])["one", "two"])
        {
            var output = (await harness.InvokeAsync(name, "{}")).Output;
            Assert.DoesNotContain('\uFFFD', System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(output)));
        }
    }

    [Fact]
    public async Task DeadlineOf_ConfiguredOwnAndDefault_UsesTheFirstAvailable()
    {
        await using var harness = new ToolHarness(services => services
            .AddSingleton<ITool>(Answering("plain"))
            .AddSingleton<ITool>(new ScriptedTool(
                ScriptedTool.Defined("own") with { Deadline = TimeSpan.FromSeconds(5) }, (_, _, _) => throw new InvalidOperationException()))
            .AddSingleton<ITool>(new ScriptedTool(
                ScriptedTool.Defined("configured") with { Deadline = TimeSpan.FromSeconds(5) }, (_, _, _) => throw new InvalidOperationException()))
            .Configure<ToolOptions>(options => options.Deadlines["configured"] = TimeSpan.FromSeconds(7)));

        Assert.Equal(
            [30, 5, 7, 30],
            ((string[])["plain", "own", "configured", "nobody's"]).Select(name => harness.Invoker.DeadlineOf(name).TotalSeconds));
    }

    private static ScriptedTool Answering(string name)
    {
        return new ScriptedTool(name, (_, _, _) => Task.FromResult(ToolResult.Ok("done")));
    }
}
