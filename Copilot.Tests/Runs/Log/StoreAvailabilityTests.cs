using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared.Clock;

namespace Copilot.Tests.Runs.Log;

/// <summary>Whether the store takes writes: what is news, and who waits for it.</summary>
public sealed class StoreAvailabilityTests
{
    private readonly StoreAvailability _availability = new();

    [Fact]
    public void Set_News_IsToldOnceAndTheSameAgainIsNot()
    {
        var lost = _availability.Changed;
        Assert.False(_availability.Set(null));
        Assert.False(lost.IsCompleted);

        Assert.True(_availability.Set("The disk is full."));
        Assert.True(lost.IsCompletedSuccessfully);
        Assert.Equal("The disk is full.", _availability.Problem);

        var changed = _availability.Changed;
        Assert.False(_availability.Set("The disk is full."));
        Assert.False(changed.IsCompleted);
        Assert.True(_availability.Set("The file cannot be written."));
        Assert.True(changed.IsCompletedSuccessfully);

        Assert.True(_availability.Set(null));
        Assert.Null(_availability.Problem);
    }

    [Fact]
    public async Task WaitUntilAvailable_WhileItIsAway_CompletesWhenItIsBack()
    {
        await _availability.WaitUntilAvailableAsync(CancellationToken.None).Soon("a store is there until a try fails");
        _availability.Set("The disk is full.");
        var back = _availability.WaitUntilAvailableAsync(CancellationToken.None);
        using var tired = new CancellationTokenSource();
        var given = _availability.WaitUntilAvailableAsync(tired.Token);

        // Another reason is news, and no end.
        _availability.Set("The file cannot be written.");
        Assert.False(back.IsCompleted);
        await tired.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given.Soon("who gives up"));
        _availability.Set(null);

        await back.Soon("the store is back");
    }

    [Fact]
    public async Task WaitUntilUnavailable_StoreIsLost_Completes()
    {
        var lost = _availability.WaitUntilUnavailableAsync(CancellationToken.None);
        Assert.False(lost.IsCompleted);

        _availability.Set("The disk is full.");

        await lost.Soon("the store is lost");
        await _availability.WaitUntilUnavailableAsync(CancellationToken.None).Soon("it is away already");
    }
}
