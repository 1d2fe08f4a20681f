using System.Runtime.CompilerServices;
using Copilot.Web.Identity;

namespace Copilot.Tests.Identity;

public sealed class AccessChangesTests
{
    private readonly AccessChanges _changes = new();

    [Fact]
    public async Task Revoke_Holder_CancelsTheirTokenOnly()
    {
        var (mine, other) = (_changes.TokenFor("usr_1"), _changes.TokenFor("usr_2"));

        await _changes.RevokeAsync("usr_1");

        Assert.True(mine.IsCancellationRequested);
        Assert.False(other.IsCancellationRequested);
        Assert.False(_changes.TokenFor("usr_1").IsCancellationRequested);
    }

    [Fact]
    public async Task TokenFor_ManyThatNobodyHolds_RetainsOnlyThoseThatAreListenedTo()
    {
        var ended = false;
        using var registered = _changes.TokenFor("sgn_listened").Register(() => ended = true);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(_changes.TokenFor("sgn_linked"));
        for (var round = 0; round < 20; round++)
        {
            Take(round);
            // They are young. To collect everything would hold up every test that runs beside this one.
            GC.Collect(0);
        }

        Assert.InRange(_changes.Count, 2, 600);
        await _changes.RevokeAsync("sgn_listened");
        await _changes.RevokeAsync("sgn_linked");
        Assert.True(ended);
        Assert.True(linked.IsCancellationRequested);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Take(int round)
    {
        for (var one = 0; one < 200; one++)
        {
            _ = _changes.TokenFor($"sgn_{round}_{one}");
        }
    }
}
