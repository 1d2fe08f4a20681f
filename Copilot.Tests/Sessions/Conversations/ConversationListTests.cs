using Copilot.Domain.Erasure;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.Conversations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Sessions.Conversations;

public sealed class ConversationListTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Forget_DiskIsFull_SaysItIsSafeToTryAgain(bool delete)
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.CommitAsync("run_a", "ses_1", "usr_1", null, RunEventTypes.RunStarted, RunEventTypes.RunCompleted);
        await using (var db = await page.Database.Contexts.CreateDbContextAsync())
        {
            // A row may still fit into a page that the file has; with this none does.
            await db.WriteAsync(
                token => db.Database.ExecuteSqlRawAsync("CREATE TRIGGER fill AFTER INSERT ON forgettings BEGIN INSERT INTO teams VALUES (hex(randomblob(8)), hex(zeroblob(500000))); END", token),
                CancellationToken.None);
        }

        await using var list = List(page, new ConversationChanges());
        await list.StartAsync(page.User);
        var session = Assert.Single(list.Items);
        page.Database.FillDisk();

        Assert.Equal(SessionText.DeleteNotSaved(delete), (await list.EraseAsync(session, delete)).Problem);

        Assert.Equal(["ses_1"], list.Items.Select(item => item.Id));
        page.Database.FreeDisk();
        Assert.Null((await list.EraseAsync(session, delete)).Problem);
    }

    [Fact]
    public async Task Forget_NotAllowed_SaysSo()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.CommitAsync("run_a", "ses_1", "usr_1", null, RunEventTypes.RunStarted, RunEventTypes.RunCompleted);
        await using var list = List(page, new ConversationChanges());
        await list.StartAsync(page.User);
        page.Access.Allows = (_, _, _) => false;

        Assert.Equal(SessionText.DeleteFailed(whole: false), (await list.EraseAsync(list.Items[0], delete: false)).Problem);
    }

    [Fact]
    public async Task Search_LetterByLetter_ReadsOnceWhenTypingPauses()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.CommitAsync("run_a", "ses_1", "usr_1", null, RunEventTypes.RunStarted, RunEventTypes.RunCompleted);
        await using var list = List(page, new ConversationChanges());
        await list.StartAsync(page.User);
        var reads = 0;
        list.Changed += () => Interlocked.Increment(ref reads);

        var typing = new[] { list.SearchAsync("n"), list.SearchAsync("no"), list.SearchAsync("nothing") };
        Assert.All(typing, search => Assert.False(search.IsCompleted));
        page.Clock.Advance(TimeSpan.FromMilliseconds(200));
        await Task.WhenAll(typing).Soon("the search has ended");

        Assert.Equal(1, reads);
        Assert.Empty(list.Items);
        await list.SearchAsync("").Soon("all are shown at once");
        Assert.Equal(["ses_1"], list.Items.Select(item => item.Id));
    }

    [Fact]
    public async Task Erase_AndUndo_LeavesAndComesBackInEveryTab()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.CommitAsync("run_a", "ses_1", "usr_1", null, RunEventTypes.RunStarted, RunEventTypes.RunCompleted);
        var changes = new ConversationChanges();
        await using var here = List(page, changes);
        await using var there = List(page, changes);
        await here.StartAsync(page.User);
        await there.StartAsync(page.User);
        var left = There(there, () => there.Items.Count == 0);

        var requested = await here.EraseAsync(here.Items[0], delete: true);

        Assert.Empty(here.Items);
        await left.Soon("the other tab has lost it");
        var open = Assert.Single(await page.Database.Services.GetRequiredService<IErasureStore>().ReadToEraseAsync(CancellationToken.None));
        Assert.True(open.NextAt > page.Clock.GetUtcNow());
        var back = There(there, () => there.Items.Count == 1);
        Assert.True(await here.UndoAsync(requested.RequestId!));
        await back.Soon("the other tab has it back");
        Assert.Equal("ses_1", Assert.Single(here.Items).Id);
        Assert.False(await here.UndoAsync(requested.RequestId!));
    }

    [Fact]
    public async Task Erase_TimeIsOver_CannotBeUndone()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.CommitAsync("run_a", "ses_1", "usr_1", null, RunEventTypes.RunStarted, RunEventTypes.RunCompleted);
        await using var list = List(page, new ConversationChanges());
        await list.StartAsync(page.User);
        var requested = await list.EraseAsync(list.Items[0], delete: true);
        page.Clock.Advance(TimeSpan.FromSeconds(12));

        Assert.False(await list.UndoAsync(requested.RequestId!));

        Assert.Empty(list.Items);
    }

    [Fact]
    public async Task See_AnswerThatIsNew_IsReadOnEveryDevice()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.CommitAsync("run_a", "ses_1", "usr_1", null, RunEventTypes.RunStarted, RunEventTypes.RunFailed);
        var changes = new ConversationChanges();
        await using (var here = List(page, changes))
        await using (var there = List(page, changes))
        {
            await here.StartAsync(page.User);
            await there.StartAsync(page.User);
            var session = Assert.Single(here.Items);
            Assert.True(session.IsUnread);
            Assert.True(session.HasFailed);
            var read = There(there, () => !there.Items[0].IsUnread);

            await here.SeeAsync(session);

            await read.Soon("the other device has it as read");
            Assert.Equal(2, changes.Watchers);
        }

        Assert.Equal(0, changes.Watchers);
    }

    // Completes once the other list is as expected.
    private static Task There(ConversationList list, Func<bool> isSo)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        list.Changed += () =>
        {
            if (isSo())
            {
                reached.TrySetResult();
            }
        };
        return reached.Task;
    }

    private static ConversationList List(ChatFixture page, ConversationChanges changes) => new(
        page.Database.Sessions,
        new ErasureService(page.Database.Services.GetRequiredService<IErasureStore>(), page.Access, new ErasureChanges(), page.Clock),
        page.Directory,
        page.Access,
        changes,
        Microsoft.Extensions.Options.Options.Create(new RetentionOptions()),
        page.Clock,
        NullLogger<ConversationList>.Instance);
}
