using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Browser.Driving;

namespace Copilot.Tests.Hosting;

/// <summary>The server is killed or stopped in the middle of a run: it goes on by itself, and nothing with effects happens twice.</summary>
public sealed class KilledServerTests : KillScene
{
    [Fact]
    public async Task Kill_WhileTheAnswerStreams_GoesOnByItselfAfterTheRestart()
    {
        App = await AppProcess.StartAsync("Demo:TokensPerSecond=25", "DemoTools:Latency=00:00:00.1");
        var runId = await BookAsync();
        await ReadUntilAsync(runId, line => line.Contains("\"tool.completed\"", StringComparison.Ordinal)
            && line.Contains("schedule_book", StringComparison.Ordinal));

        await App.KillAsync();
        await App.StartAgainAsync();
        await ReadUntilAsync(runId, line => line.Contains("\"run.completed\"", StringComparison.Ordinal));

        AssertBookedOnce();
        AssertChain(await EventsAsync(runId));
    }

    [Fact]
    public async Task Stop_WhileTheAnswerStreams_InterruptsTheRunAndItGoesOnAfterTheRestart()
    {
        App = await AppProcess.StartAsync("Demo:TokensPerSecond=25", "DemoTools:Latency=00:00:00.1");
        var runId = await BookAsync();
        await ReadUntilAsync(runId, line => line.Contains("\"tool.completed\"", StringComparison.Ordinal)
            && line.Contains("schedule_book", StringComparison.Ordinal));

        await App.TerminateAsync();
        var stopped = await EventsAsync(runId);
        await App.StartAgainAsync();
        await ReadUntilAsync(runId, line => line.Contains("\"run.completed\"", StringComparison.Ordinal));

        Assert.Equal(RunEventTypes.RunInterrupted, stopped[^1].Type);
        AssertBookedOnce();
        AssertChain(await EventsAsync(runId));
    }
}
