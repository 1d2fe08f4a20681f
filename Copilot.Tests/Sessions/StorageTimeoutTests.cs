using Copilot.Tests.Shared.Clock;
using Copilot.Web.Runs;
using Copilot.Web.Sessions;

namespace Copilot.Tests.Sessions;

public sealed class StorageTimeoutTests
{
    private const string Slow = "Storage is slow.";

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Run_AnsweredInTime_IsTheAnswer()
    {
        var answer = CommandResult.Refused(RefusalCode.Conflict, "No.");

        var result = await StorageTimeout.RunAsync(_clock, Slow, _ => Task.FromResult(answer), CancellationToken.None);

        Assert.Same(answer, result);
        Assert.Equal(0, _clock.ArmedTimers);
    }

    [Fact]
    public async Task Run_NoAnswer_CancelsTheCommandAndSaysSo()
    {
        var running = StorageTimeout.RunAsync(_clock, Slow, NeverAsync, CancellationToken.None);
        _clock.Advance(StorageTimeout.After - TimeSpan.FromTicks(1));
        Assert.False(running.IsCompleted);

        _clock.Advance(TimeSpan.FromTicks(1));

        var result = await running.Soon("the time-out");
        Assert.Equal(RefusalCode.TimedOut, result.Code);
        Assert.Equal(Slow, result.Problem);
    }

    [Fact]
    public async Task Run_CallerCancels_Throws()
    {
        using var caller = new CancellationTokenSource();
        var running = StorageTimeout.RunAsync(_clock, Slow, NeverAsync, caller.Token);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.Soon("the cancellation"));
    }

    [Fact]
    public async Task Run_CommandIsCancelledByItself_Throws() =>
        await Assert.ThrowsAsync<OperationCanceledException>(() => StorageTimeout.RunAsync(
            _clock, Slow, _ => throw new OperationCanceledException(), CancellationToken.None));

    private static async Task<CommandResult> NeverAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        return CommandResult.Done;
    }
}
