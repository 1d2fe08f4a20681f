using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Runs.Events;

namespace Copilot.Tests.Erasure;

/// <summary>Who is told about a change.</summary>
public sealed class ErasureChangesTests
{
    private readonly ErasureChanges _changes = new();

    [Fact]
    public void Publish_ChangeOfAnotherConversation_TellsOnlyWhoFollowsThatOrAll()
    {
        using var mine = _changes.Watch("ses_1");
        using var all = _changes.Watch(sessionId: null);
        var (ofMine, ofAll) = (mine.Next, all.Next);

        _changes.Publish(Request("fgt_2", "ses_2"));

        Assert.False(ofMine.IsCompleted);
        Assert.Empty(mine.Take());
        Assert.True(ofAll.IsCompleted);
        _changes.Publish(Request("fgt_1", "ses_1"));
        Assert.True(ofMine.IsCompleted);
        Assert.Equal(["fgt_1"], mine.Take());
        Assert.Equal(["fgt_1", "fgt_2"], all.Take().Order());
        Assert.Empty(all.Take());
    }

    [Fact]
    public void Publish_AfterOneOfTwoIsDisposed_TellsTheOther()
    {
        using var stays = _changes.Watch("ses_1");
        var leaves = _changes.Watch("ses_1");
        var next = leaves.Next;
        leaves.Dispose();
        leaves.Dispose();

        _changes.Publish(Request("fgt_1", "ses_1"));

        Assert.False(next.IsCompleted);
        Assert.Equal(["fgt_1"], stays.Take());
    }

    private static ErasureRequest Request(string id, string sessionId) => new()
    {
        Id = id,
        SessionId = sessionId,
        Owner = new RunOwner("usr_1", "team_default"),
        Cause = ErasureCause.Person,
        RequestedAt = DateTimeOffset.UnixEpoch,
    };
}
