using Copilot.Domain.Tools;
using Copilot.Tests.Shared.Clock;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Copilot.Tests.Tools;

/// <summary>Deadlines, stops, abandoned tools and the scope of a call.</summary>
public class ToolAttemptTests
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ToolResult> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task InvokeAsync_WriteIgnoresItsTokenAtTheDeadline_ReturnsAtOnceAndSaysTheOutcomeIsUnknown()
    {
        await using var harness = ToolHarness.Of(Deaf(readOnly: false));
        var invocation = harness.InvokeAsync("slow", "{}");
        await _entered.Task.Soon("the tool is called");
        await harness.Clock.WhenTimersArmedAsync(1);

        harness.Clock.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1));
        Assert.False(invocation.IsCompleted);
        harness.Clock.Advance(TimeSpan.FromTicks(1));
        var result = await invocation;

        Assert.Equal(ToolOutcome.TimedOut, result.Outcome);
        Assert.Equal(
            "slow did not answer within 30 s. The outcome is unknown: it may or may not have taken effect. Check before repeating it.",
            result.Output);
        Assert.Equal(TimeSpan.FromSeconds(30), result.Duration);
        Assert.Equal(0, harness.Clock.ArmedTimers);
        _end.SetResult(ToolResult.Ok("late"));
        await harness.Log.NextAsync(LogLevel.Warning);
    }

    [Fact]
    public async Task InvokeAsync_ReadOnlyToolAtTheDeadline_MayBeCalledAgain()
    {
        await using var harness = ToolHarness.Of(Deaf(readOnly: true));
        var invocation = harness.InvokeAsync("slow", "{}");
        await _entered.Task.Soon("the tool is called");

        harness.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("slow did not answer within 30 s. It changes nothing, so it may be called again.", (await invocation).Output);
        _end.SetCanceled();
    }

    [Fact]
    public async Task InvokeAsync_AbandonedToolAnswersLater_TheAnswerIsNotedInTheLog()
    {
        await using var harness = ToolHarness.Of(Deaf(readOnly: false));
        await AbandonAsync(harness);

        _end.SetResult(ToolResult.Ok("late"));

        Assert.Equal(
            "Abandoned tool slow of run run_1, call call_1, ended late, Ok: (null)",
            (await harness.Log.NextAsync(LogLevel.Warning)).Text);
    }

    [Fact]
    public async Task InvokeAsync_AbandonedToolBreaksLater_TheExceptionIsObservedAndNoted()
    {
        await using var harness = ToolHarness.Of(Deaf(readOnly: false));
        await AbandonAsync(harness);

        _end.SetException(new InvalidOperationException("much too late"));

        Assert.Contains("much too late", (await harness.Log.NextAsync(LogLevel.Warning)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InvokeAsync_ToolBlocksItsThread_IsAbandonedToo()
    {
        using var release = new ManualResetEventSlim();
        await using var harness = ToolHarness.Of(new ScriptedTool("slow", (_, _, _) =>
        {
            _entered.SetResult();
            release.Wait(CancellationToken.None);
            return Task.FromResult(ToolResult.Ok("late"));
        }));
        await AbandonAsync(harness);

        release.Set();

        await harness.Log.NextAsync(LogLevel.Warning);
    }

    [Fact]
    public async Task InvokeAsync_RunIsStopped_ReturnsCancelledWhateverTheToolDoes()
    {
        await using var harness = ToolHarness.Of(Deaf(readOnly: false));
        using var run = new CancellationTokenSource();
        var invocation = harness.Invoker.InvokeAsync(ToolHarness.Call("slow", "{}"), run.Token);
        await _entered.Task.Soon("the tool is called");

        await run.CancelAsync();
        var result = await invocation;

        Assert.Equal(ToolOutcome.Cancelled, result.Outcome);
        Assert.Equal(
            "slow was cancelled before it ended. The outcome is unknown: it may or may not have taken effect. Check before repeating it.",
            result.Output);
        _end.SetCanceled();
    }

    [Fact]
    public async Task InvokeAsync_RunWasStoppedBefore_NeverStartsTheTool()
    {
        await using var harness = ToolHarness.Of(new ScriptedTool("slow", (_, _, _) => throw new InvalidOperationException("started")));

        var result = await harness.Invoker.InvokeAsync(ToolHarness.Call("slow", "{}"), new CancellationToken(canceled: true));

        Assert.Equal(ToolOutcome.Cancelled, result.Outcome);
        Assert.Equal("slow was cancelled before it started; nothing was done.", result.Output);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task InvokeAsync_ToolHonoursItsToken_EndsWithTheReasonOfTheStop(bool deadline)
    {
        await using var harness = ToolHarness.Of(new ScriptedTool("slow", async (_, _, token) =>
        {
            _entered.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return ToolResult.Ok("never");
        }));
        using var run = new CancellationTokenSource();
        var invocation = harness.Invoker.InvokeAsync(ToolHarness.Call("slow", "{}"), run.Token);
        await _entered.Task.Soon("the tool is called");

        if (deadline)
        {
            harness.Clock.Advance(TimeSpan.FromSeconds(30));
        }
        else
        {
            await run.CancelAsync();
        }

        Assert.Equal(deadline ? ToolOutcome.TimedOut : ToolOutcome.Cancelled, (await invocation).Outcome);
    }

    [Fact]
    public async Task InvokeAsync_ToolIsAbandoned_ItsTokenIsCancelled()
    {
        var cancelled = new TaskCompletionSource();
        await using var harness = ToolHarness.Of(new ScriptedTool("slow", async (_, _, token) =>
        {
            using var registration = token.Register(cancelled.SetResult);
            _entered.SetResult();
            return await _end.Task;
        }));
        await AbandonAsync(harness);

        await cancelled.Task.WaitAsync(Waiting.Limit);
        _end.SetCanceled();
    }

    [Fact]
    public async Task InvokeAsync_CancellationCallbackOfTheToolBlocks_TheOneWhoStopsIsNotHeld()
    {
        using var release = new ManualResetEventSlim();
        await using var harness = ToolHarness.Of(new ScriptedTool("slow", async (_, _, token) =>
        {
            using var registration = token.Register(() => release.Wait(CancellationToken.None));
            _entered.SetResult();
            return await _end.Task;
        }));
        using var run = new CancellationTokenSource();
        var invocation = harness.Invoker.InvokeAsync(ToolHarness.Call("slow", "{}"), run.Token);
        await _entered.Task.Soon("the tool is called");

        // Would never return if the tool's callback ran here.
        await run.CancelAsync();

        Assert.Equal(ToolOutcome.Cancelled, (await invocation).Outcome);
        release.Set();
        _end.SetCanceled();
    }

    [Fact]
    public async Task InvokeAsync_CancellationCallbackOfTheToolThrows_IsLogged()
    {
        await using var harness = ToolHarness.Of(new ScriptedTool("slow", async (_, _, token) =>
        {
            using var registration = token.Register(() => throw new InvalidOperationException("in the callback"));
            _entered.SetResult();
            return await _end.Task;
        }));
        await AbandonAsync(harness);

        Assert.Contains("in the callback", (await harness.Log.NextAsync(LogLevel.Error)).Exception!.ToString(), StringComparison.Ordinal);
        _end.SetCanceled();
    }

    [Fact]
    public async Task InvokeAsync_ToolEnds_ItsScopeIsDisposedBeforeTheResult()
    {
        Scoped? service = null;
        await using var harness = new ToolHarness(services => services.AddScoped<Scoped>().AddSingleton<ITool>(
            new ScriptedTool("slow", (context, _, _) =>
            {
                service = context.Services.GetRequiredService<Scoped>();
                return Task.FromResult(ToolResult.Ok("done"));
            })));

        await harness.InvokeAsync("slow", "{}");
        var first = service!;
        await harness.InvokeAsync("slow", "{}");

        Assert.True(first.Disposed.Task.IsCompleted);
        Assert.NotSame(first, service);
    }

    [Fact]
    public async Task InvokeAsync_ToolIsAbandoned_ItsScopeLivesUntilItReallyEnds()
    {
        Scoped? service = null;
        await using var harness = new ToolHarness(services => services.AddScoped<Scoped>().AddSingleton<ITool>(
            new ScriptedTool("slow", (context, _, _) =>
            {
                service = context.Services.GetRequiredService<Scoped>();
                _entered.SetResult();
                return _end.Task;
            })));
        await AbandonAsync(harness);
        Assert.False(service!.Disposed.Task.IsCompleted);

        _end.SetResult(ToolResult.Ok("late"));

        await service.Disposed.Task.WaitAsync(Waiting.Limit);
    }

    [Fact]
    public async Task InvokeAsync_ScopeFailsToDispose_IsAnErrorOfTheTool()
    {
        await using var harness = new ToolHarness(services => services.AddScoped<Undisposable>().AddSingleton<ITool>(
            new ScriptedTool("slow", (context, _, _) =>
            {
                context.Services.GetRequiredService<Undisposable>();
                return Task.FromResult(ToolResult.Ok("done"));
            })));

        Assert.Equal(ToolOutcome.Failed, (await harness.InvokeAsync("slow", "{}")).Outcome);
    }

    private async Task AbandonAsync(ToolHarness harness)
    {
        var invocation = harness.InvokeAsync("slow", "{}");
        await _entered.Task.Soon("the tool is called");
        harness.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(ToolOutcome.TimedOut, (await invocation).Outcome);
    }

    private ScriptedTool Deaf(bool readOnly)
    {
        return new ScriptedTool(ScriptedTool.Defined("slow") with { ReadOnly = readOnly }, (_, _, _) =>
        {
            _entered.SetResult();
            return _end.Task;
        });
    }

    private sealed class Scoped : IDisposable
    {
        public TaskCompletionSource Disposed { get; } = new();

        public void Dispose()
        {
            Disposed.SetResult();
        }
    }

    private sealed class Undisposable : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            throw new InvalidOperationException("cannot be disposed");
        }
    }
}
