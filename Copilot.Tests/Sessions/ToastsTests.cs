using Copilot.Tests.Shared.Clock;
using Copilot.Web.Sessions;

namespace Copilot.Tests.Sessions;

public sealed class ToastsTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly Toasts _toasts;

    public ToastsTests() => _toasts = new Toasts(_clock);

    public void Dispose() => _toasts.Dispose();

    [Fact]
    public void Say_TimeGoesBy_EachLeavesAfterItsOwnTime()
    {
        _toasts.Say("first");
        _clock.Advance(Toasts.Shown / 2);
        _toasts.Say("second");

        _clock.Advance(Toasts.Shown / 2);
        Assert.Equal(["second"], Texts());
        _clock.Advance(Toasts.Shown / 2);
        Assert.Empty(Texts());
        Assert.Equal(0, _clock.ArmedTimers);
    }

    [Fact]
    public void Say_MoreThanThereIsRoomFor_TheOldestLeaves()
    {
        foreach (var number in Enumerable.Range(1, Toasts.MaxCount + 1))
        {
            _toasts.Say($"{number}");
        }

        Assert.Equal(["2", "3", "4"], Texts());
        Assert.Equal(Toasts.MaxCount, _clock.ArmedTimers);
    }

    [Fact]
    public void Say_SomebodyIsAtIt_StaysUntilTheyHaveLeft()
    {
        _toasts.Say("renamed");
        _clock.Advance(Toasts.Shown / 2);

        _toasts.Hold(true);
        _clock.Advance(Toasts.Shown * 3);
        _toasts.Say("archived");
        _clock.Advance(Toasts.Shown * 3);
        Assert.Equal(["renamed", "archived"], Texts());

        _toasts.Hold(false);
        _clock.Advance(Toasts.Shown / 2);
        Assert.Equal(["renamed", "archived"], Texts());
        _clock.Advance(Toasts.Shown / 2);
        Assert.Empty(Texts());
    }

    [Fact]
    public async Task Say_ConnectionIsLost_StaysUntilItCanBeReadAgain()
    {
        _toasts.Say("renamed");

        await _toasts.OnConnectionDownAsync(null!, TestContext.Current.CancellationToken);
        _toasts.Hold(true);
        _clock.Advance(Toasts.Shown * 3);
        _toasts.Hold(false);
        _clock.Advance(Toasts.Shown * 3);
        Assert.Equal(["renamed"], Texts());

        await _toasts.OnConnectionUpAsync(null!, TestContext.Current.CancellationToken);
        _clock.Advance(Toasts.Shown);
        Assert.Empty(Texts());
    }

    [Fact]
    public async Task Undo_PressedTwice_TakesBackOnce()
    {
        var undone = 0;
        _toasts.Say("renamed", () =>
        {
            undone++;
            return Task.CompletedTask;
        });
        var toast = Assert.Single(_toasts.Items);

        await _toasts.UndoAsync(toast);
        await _toasts.UndoAsync(toast);

        Assert.Equal(1, undone);
        Assert.Empty(Texts());
    }

    [Fact]
    public void Changed_ComesAndGoes_IsRaisedForBoth()
    {
        var changes = 0;
        _toasts.Changed += () => changes++;

        _toasts.Warn("It did not work.");
        Assert.True(Assert.Single(_toasts.Items).IsProblem);
        _toasts.Close(_toasts.Items[0].Id);

        Assert.Equal(2, changes);
    }

    private IEnumerable<string> Texts() => _toasts.Items.Select(toast => toast.Text);
}
