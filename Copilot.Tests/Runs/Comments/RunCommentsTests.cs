using Copilot.Domain.Audit;
using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Retention;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Runs;
using Copilot.Web.Runs.Comments;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Runs.Comments;

/// <summary>Who may comment on a run, what they see of each other, and what becomes of it.</summary>
public sealed class RunCommentsTests : CommentScene
{
    [Fact]
    public async Task Add_ByWhoMaySeeTheRun_IsSeenByAllOfThem()
    {
        var changed = Changes.Next;
        var marker = await AddAsync(Sue, "  Why this pump?\r\nIt is sold out.  ");

        await changed.Soon("those who look are told");
        Assert.True(Changes.VersionOf(Run) > 0);
        var reply = await ReplyAsync(Anna, marker, "It was the last one.");
        await ReplyAsync(Ada, reply, "I see.");
        foreach (var reader in (ChangedBy[])[Anna, Sue, Ada])
        {
            var thread = Assert.Single((await Comments.ReadAsync(reader.UserId!, Run, CancellationToken.None))!);
            Assert.Equal(2, thread.Seq);
            Assert.True(thread.IsOpen);
            Assert.Equal("Why this pump?\nIt is sold out.", thread.Marker.Text);
            Assert.Equal("sue", thread.Marker.Author);
            Assert.Equal(["It was the last one.", "I see."], thread.Replies.Select(one => one.Text));
        }
    }

    [Fact]
    public async Task Erase_OfTheSession_IsToldToAllWhoLook()
    {
        await AddAsync(Anna, "Look, @sue");
        var (changed, run, mentioned) = (Changes.Next, Changes.VersionOf(Run), Changes.VersionOf(Sue.UserId!));

        foreach (var eraser in _host.Services.GetServices<ISessionEraser>())
        {
            await eraser.EraseAsync(Session, CancellationToken.None);
        }

        await changed.Soon("those who look are told");
        Assert.True(Changes.VersionOf(Run) > run);
        Assert.True(Changes.VersionOf(Sue.UserId!) > mentioned);
        Assert.Equal(Changes.VersionOf(Run), Changes.VersionOf("run_unknown"));

        // What changes after that is about those alone again.
        await AddAsync(Anna, "More");
        Assert.True(Changes.VersionOf(Run) > Changes.VersionOf(Sue.UserId!));
    }

    [Fact]
    public async Task Anything_ByWhoMayNotSeeTheRun_IsAnsweredAsIfThereWereNone()
    {
        var marker = await AddAsync(Anna, "Mine");
        foreach (var stranger in (ChangedBy[])[Ben, Ted])
        {
            Assert.Null(await Comments.ReadAsync(stranger.UserId!, Run, CancellationToken.None));
            Assert.Empty(await Comments.PeopleAsync(stranger.UserId!, Run, CancellationToken.None));
            Assert.Null(await Comments.FindRunAsync(stranger.UserId!, Run, CancellationToken.None));
            foreach (var change in (CommentChange[])
            [
                await Comments.AddAsync(stranger, Run, 1, "Hello", clientId: null, CancellationToken.None),
                await Comments.ReplyAsync(stranger, Run, marker, "Hello", clientId: null, CancellationToken.None),
                await Comments.EditAsync(stranger, Run, marker, "Hello", CancellationToken.None),
                await Comments.DeleteAsync(stranger, Run, marker, CancellationToken.None),
                await Comments.SettleAsync(stranger, Run, marker, isSettled: true, CancellationToken.None),
            ])
            {
                Assert.Equal(RefusalCode.NotFound, change.Result.Code);
                Assert.Equal(CommentText.NoSuchRun, change.Result.Problem);
            }
        }

        Assert.Equal("Mine", Assert.Single(await ReadAsync()).Marker.Text);
    }

    [Fact]
    public async Task Comment_UnderAnotherRunsAddress_IsNotThere()
    {
        var marker = await AddAsync(Anna, "Mine");
        await AddRunAsync("b1", Sue);

        Assert.Equal(RefusalCode.NotFound, (await Comments.EditAsync(Sue, "run_b1", marker, "x", CancellationToken.None)).Result.Code);
        Assert.Equal(RefusalCode.NotFound, (await Comments.ReplyAsync(Sue, "run_b1", marker, "x", clientId: null, CancellationToken.None)).Result.Code);
        Assert.Equal(RefusalCode.NotFound, (await Comments.SettleAsync(Sue, "run_b1", marker, isSettled: true, CancellationToken.None)).Result.Code);
    }

    [Theory]
    [InlineData("", 2L, CommentText.TextMissing)]
    [InlineData(" \n ", 2L, CommentText.TextMissing)]
    [InlineData("x", 0L, CommentText.MomentInvalid)]
    [InlineData("x", 4L, CommentText.MomentInvalid)]
    public async Task Add_WithWhatCannotBe_IsRefused(string text, long seq, string sentence)
    {
        var change = await Comments.AddAsync(Anna, Run, seq, text, clientId: null, CancellationToken.None);

        Assert.Equal(RefusalCode.Invalid, change.Result.Code);
        Assert.Equal(sentence, change.Result.Problem);
        Assert.Empty(await ReadAsync());
    }

    [Fact]
    public async Task Add_TooLong_IsRefusedAndTheLongestIsSaved()
    {
        Assert.Equal(CommentText.TooLong(RunComments.MaxText + 1), (await Comments.AddAsync(Anna, Run, null, new string('x', RunComments.MaxText + 1), clientId: null, CancellationToken.None)).Result.Problem);
        Assert.True((await Comments.AddAsync(Anna, Run, null, new string('x', RunComments.MaxText), clientId: null, CancellationToken.None)).Result.Accepted);

        // Without a place it stands at the newest moment.
        Assert.Equal(3, Assert.Single(await ReadAsync()).Seq);
    }

    [Fact]
    public async Task EditAndDelete_AreTheAuthorsAlone()
    {
        var marker = await AddAsync(Sue, "First");

        foreach (var other in (ChangedBy[])[Anna, Ada])
        {
            Assert.Equal(RefusalCode.Forbidden, (await Comments.EditAsync(other, Run, marker, "Changed", CancellationToken.None)).Result.Code);
            Assert.Equal(RefusalCode.Forbidden, (await Comments.DeleteAsync(other, Run, marker, CancellationToken.None)).Result.Code);
        }

        Assert.True((await Comments.EditAsync(Sue, Run, marker, "Second", CancellationToken.None)).Result.Accepted);
        var thread = Assert.Single(await ReadAsync());
        Assert.Equal("Second", thread.Marker.Text);
        Assert.NotNull(thread.Marker.EditedAt);
        Assert.True((await Comments.DeleteAsync(Sue, Run, marker, CancellationToken.None)).Result.Accepted);
        Assert.Empty(await ReadAsync());
    }

    [Fact]
    public async Task Delete_OfAMarkerWithReplies_LeavesItsPlaceUntilTheLastReplyIsGone()
    {
        var marker = await AddAsync(Sue, "First, @anna");
        var reply = await ReplyAsync(Anna, marker, "Second");

        Assert.True((await Comments.DeleteAsync(Sue, Run, marker, CancellationToken.None)).Result.Accepted);

        var thread = Assert.Single(await ReadAsync());
        Assert.True(thread.Marker.IsDeleted);
        Assert.Equal("", thread.Marker.Text);
        Assert.Equal("Second", Assert.Single(thread.Replies).Text);
        Assert.Equal(0, await Mentions.CountAsync(Anna.UserId!, CancellationToken.None));
        Assert.Equal(RefusalCode.NotFound, (await Comments.EditAsync(Sue, Run, marker, "Again", CancellationToken.None)).Result.Code);
        Assert.True((await Comments.DeleteAsync(Anna, Run, reply, CancellationToken.None)).Result.Accepted);
        Assert.Empty(await ReadAsync());
    }

    [Fact]
    public async Task Settle_ByAnybodyWhoSeesIt_AndOpenedAgain()
    {
        var marker = await AddAsync(Sue, "First");
        var reply = await ReplyAsync(Sue, marker, "Second");

        Assert.True((await Comments.SettleAsync(Anna, Run, marker, isSettled: true, CancellationToken.None)).Result.Accepted);
        Assert.True((await Comments.SettleAsync(Ada, Run, marker, isSettled: true, CancellationToken.None)).Result.Accepted);
        Assert.Equal("anna", Assert.Single(await ReadAsync()).SettledBy);
        Assert.True((await Comments.SettleAsync(Ada, Run, marker, isSettled: false, CancellationToken.None)).Result.Accepted);
        Assert.True(Assert.Single(await ReadAsync()).IsOpen);
        Assert.Equal(RefusalCode.Conflict, (await Comments.SettleAsync(Sue, Run, reply, isSettled: true, CancellationToken.None)).Result.Code);
    }

    [Fact]
    public async Task Mention_OfSomebodyWhoMaySeeTheRun_IsInTheirListUntilRead()
    {
        var before = Changes.VersionOf(Sue.UserId!);
        var marker = await AddAsync(Anna, "Please look, @sue and @ben, and @anna");

        Assert.True(Changes.VersionOf(Sue.UserId!) > before);
        Assert.Equal(["ada", "anna", "sue"], (await Comments.PeopleAsync(Anna.UserId!, Run, CancellationToken.None)).Select(person => person.Name));
        var mention = Assert.Single(await Mentions.ReadAsync(Sue.UserId!, 10, CancellationToken.None));
        Assert.Equal(marker, mention.CommentId);
        Assert.Equal(Run, mention.RunId);
        Assert.Equal(2, mention.Seq);
        Assert.Equal("anna", mention.Author);
        Assert.Equal("anna", mention.Owner);
        Assert.False(mention.IsOwn);
        Assert.False(mention.IsRead);
        Assert.Equal(1, await Mentions.CountAsync(Sue.UserId!, CancellationToken.None));
        // Who may not see the run, and who wrote it.
        Assert.Equal(0, await Mentions.CountAsync(Ben.UserId!, CancellationToken.None));
        Assert.Empty(await Mentions.ReadAsync(Anna.UserId!, 10, CancellationToken.None));

        await Mentions.MarkReadAsync(Sue.UserId!, Run, CancellationToken.None);

        Assert.Equal(0, await Mentions.CountAsync(Sue.UserId!, CancellationToken.None));
        Assert.True(Assert.Single(await Mentions.ReadAsync(Sue.UserId!, 10, CancellationToken.None)).IsRead);

        // Another text mentions others; whoever stays in it has read it.
        await Comments.EditAsync(Anna, Run, marker, "@sue and @ada", CancellationToken.None);
        Assert.Equal(0, await Mentions.CountAsync(Sue.UserId!, CancellationToken.None));
        Assert.Equal(1, await Mentions.CountAsync(Ada.UserId!, CancellationToken.None));
        await Comments.EditAsync(Anna, Run, marker, "Nobody", CancellationToken.None);
        Assert.Empty(await Mentions.ReadAsync(Ada.UserId!, 10, CancellationToken.None));
    }

    [Fact]
    public async Task Mention_OfSomebodyWhoMayNoLongerSeeTheRun_IsNotShown()
    {
        await AddAsync(Anna, "Please look, @sue");
        await using (var db = await ContextAsync())
        {
            await db.WriteAsync(token => db.Users.Where(user => user.Id == Sue.UserId).ExecuteUpdateAsync(set => set.SetProperty(user => user.TeamId, "team_other"), token), CancellationToken.None);
        }

        Assert.Equal(0, await Mentions.CountAsync(Sue.UserId!, CancellationToken.None));
        Assert.Empty(await Mentions.ReadAsync(Sue.UserId!, 10, CancellationToken.None));
    }

    [Fact]
    public async Task Change_OfOthersRuns_IsInTheAccessLog()
    {
        var marker = await AddAsync(Sue, "First");
        await Comments.SettleAsync(Sue, Run, marker, isSettled: true, CancellationToken.None);
        await AddAsync(Anna, "My own run");

        await using var db = await ContextAsync();
        var entries = await db.AccessLog.AsNoTracking().Where(row => row.Action == AccessActions.Commented).OrderBy(row => row.Seq).ToListAsync();
        Assert.Equal(["marker at event 2", "settled"], entries.Select(entry => entry.After));
        Assert.All(entries, entry => Assert.Equal(Run, entry.ObjectId));
        Assert.All(entries, entry => Assert.Equal(Sue.UserId, entry.ActorId));
        Assert.All(entries, entry => Assert.Equal(Anna.UserId, entry.OwnerId));
        Assert.All(entries, entry => Assert.Equal(Roles.Supervisor, entry.ActorRole));
        Assert.All(entries, entry => Assert.Equal("192.0.2.7", entry.Address));
    }

    /// <summary>A database that cannot be reached.</summary>
}
