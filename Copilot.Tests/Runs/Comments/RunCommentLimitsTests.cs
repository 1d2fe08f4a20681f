using Copilot.Domain.Erasure.Retention;
using Copilot.Web.Options;
using Copilot.Web.Runs;
using Copilot.Web.Runs.Comments;
using Copilot.Web.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Copilot.Tests.Runs.Comments;

/// <summary>When a comment cannot be written, changed or deleted.</summary>
public sealed class RunCommentLimitsTests : CommentScene
{
    [Fact]
    public async Task AnyChange_TooOften_IsRefusedForThatPersonAlone()
    {
        _host.Services.GetRequiredService<IOptions<LimitOptions>>().Value.CommentsPerPerson = 5;
        var marker = await AddAsync(Anna, "one");
        await ReplyAsync(Anna, marker, "two");
        Assert.True((await Comments.EditAsync(Anna, Run, marker, "three", CancellationToken.None)).Result.Accepted);
        Assert.True((await Comments.SettleAsync(Anna, Run, marker, isSettled: true, CancellationToken.None)).Result.Accepted);
        Assert.False((await Comments.EditAsync(Anna, Run, marker, "", CancellationToken.None)).Result.Accepted);

        foreach (var change in (CommentChange[])
        [
            await Comments.AddAsync(Anna, Run, 2, "more", clientId: null, CancellationToken.None),
            await Comments.ReplyAsync(Anna, Run, marker, "more", clientId: null, CancellationToken.None),
            await Comments.EditAsync(Anna, Run, marker, "more", CancellationToken.None),
            await Comments.SettleAsync(Anna, Run, marker, isSettled: false, CancellationToken.None),
            await Comments.DeleteAsync(Anna, Run, marker, CancellationToken.None),
        ])
        {
            Assert.Equal(RefusalCode.TooMany, change.Result.Code);
            Assert.Equal("comment_limit", change.Result.Limit);
            Assert.True(change.Result.RetryAfter > TimeSpan.Zero);
        }

        await AddAsync(Sue, "I may");
        var thread = (await ReadAsync()).Single(one => one.Marker.Id == marker);
        Assert.Equal("three", thread.Marker.Text);
        Assert.False(thread.IsOpen);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EditAndDelete_UnderALegalHold_AreRefused(bool ofTheAuthor)
    {
        var marker = await AddAsync(Sue, "Evidence");
        var retention = _host.Services.GetRequiredService<RetentionService>();
        Assert.Equal(
            RetentionChange.Done,
            ofTheAuthor
                ? await retention.HoldPersonAsync(Ada.UserId!, Sue.UserId!, "Case 7", CancellationToken.None)
                : await retention.HoldSessionAsync(Ada.UserId!, Session, "Case 7", CancellationToken.None));

        Assert.Equal(CommentText.Held, (await Comments.EditAsync(Sue, Run, marker, "Nothing", CancellationToken.None)).Result.Problem);
        Assert.Equal(CommentText.Held, (await Comments.DeleteAsync(Sue, Run, marker, CancellationToken.None)).Result.Problem);

        Assert.Equal("Evidence", Assert.Single(await ReadAsync()).Marker.Text);
        Assert.True((await Comments.ReplyAsync(Anna, Run, marker, "Noted", clientId: null, CancellationToken.None)).Result.Accepted);
    }

    [Fact]
    public async Task Add_ToARunWhoseContentWasDeleted_IsRefused()
    {
        await using (var db = await ContextAsync())
        {
            await db.WriteAsync(token => db.Runs.Where(run => run.Id == Run).ExecuteUpdateAsync(set => set.SetProperty(run => run.ForgottenAt, 1), token), CancellationToken.None);
        }

        Assert.Equal(CommentText.ContentDeleted, (await Comments.AddAsync(Anna, Run, 1, "Late", clientId: null, CancellationToken.None)).Result.Problem);
    }

    [Fact]
    public async Task Panel_WhileStorageIsAway_CanStillBeOpenedAndWrittenIn()
    {
        var away = new Away();
        var comments = ActivatorUtilities.CreateInstance<RunComments>(_host.Services, away);

        Assert.Empty(await comments.PeopleAsync(Anna.UserId!, Run, CancellationToken.None));
        Assert.Equal(CommentText.NotSaved, (await comments.AddAsync(Anna, Run, 1, "Kept in its box", clientId: null, CancellationToken.None)).Result.Problem);
        await ActivatorUtilities.CreateInstance<Mentions>(_host.Services, away).MarkReadAsync(Anna.UserId!, Run, CancellationToken.None);
    }

    private sealed class Away : IDbContextFactory<CopilotDbContext>
    {
        public CopilotDbContext CreateDbContext() => throw new SqliteException("disk I/O error", 10);
    }
}
