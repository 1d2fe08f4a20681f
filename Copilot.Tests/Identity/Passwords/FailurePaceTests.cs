using Copilot.Tests.Shared.Clock;
using Copilot.Web.Identity.Passwords;

namespace Copilot.Tests.Identity.Passwords;

public sealed class FailurePaceTests
{
    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData(0)]
    [InlineData(120)]
    public async Task Wait_FailureThatWasFaster_EndsWithThePace(int milliseconds)
    {
        var pace = new FailurePace(_clock, FailurePace.Usual);
        var begun = pace.Begin();
        _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

        var waiting = pace.WaitAsync(begun, CancellationToken.None);
        _clock.Advance(FailurePace.Usual - TimeSpan.FromMilliseconds(milliseconds + 1));
        Assert.False(waiting.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        await waiting.WaitAsync(Waiting.Limit);
    }

    [Fact]
    public void Wait_FailureThatWasSlower_IsOver()
    {
        var pace = new FailurePace(_clock, FailurePace.Usual);
        var begun = pace.Begin();
        _clock.Advance(FailurePace.Usual);

        Assert.True(pace.WaitAsync(begun, CancellationToken.None).IsCompletedSuccessfully);
    }
}
