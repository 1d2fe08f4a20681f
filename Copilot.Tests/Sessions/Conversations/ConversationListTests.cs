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

        await using var list = List(page);
        await list.StartAsync(page.User);
        var session = Assert.Single(list.Items);
        page.Database.FillDisk();

        Assert.Equal(SessionText.DeleteNotSaved(delete), await list.EraseAsync(session, delete));

        Assert.Equal(["ses_1"], list.Items.Select(item => item.Id));
        page.Database.FreeDisk();
        Assert.Null(await list.EraseAsync(session, delete));
    }

    [Fact]
    public async Task Forget_NotAllowed_SaysSo()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.CommitAsync("run_a", "ses_1", "usr_1", null, RunEventTypes.RunStarted, RunEventTypes.RunCompleted);
        await using var list = List(page);
        await list.StartAsync(page.User);
        page.Access.Allows = (_, _, _) => false;

        Assert.Equal(SessionText.DeleteFailed(whole: false), await list.EraseAsync(list.Items[0], delete: false));
    }

    [Fact]
    public async Task Search_LetterByLetter_ReadsOnceWhenTypingPauses()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.CommitAsync("run_a", "ses_1", "usr_1", null, RunEventTypes.RunStarted, RunEventTypes.RunCompleted);
        await using var list = List(page);
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

    private static ConversationList List(ChatFixture page) => new(
        page.Database.Sessions,
        new ErasureService(page.Database.Services.GetRequiredService<IErasureStore>(), page.Access, new ErasureChanges(), page.Clock),
        page.Directory,
        page.Access,
        page.Clock,
        NullLogger<ConversationList>.Instance);
}
