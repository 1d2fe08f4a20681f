using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Sessions.Conversations;

namespace Copilot.Tests.Sessions.Conversations;

public sealed class ConversationListTests
{
    [Fact]
    public async Task Search_LetterByLetter_ReadsOnceWhenTypingPauses()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.CommitAsync("run_a", "ses_1", "usr_1", null, RunEventTypes.RunStarted, RunEventTypes.RunCompleted);
        await using var list = ConversationScene.List(page, new ConversationChanges());
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
    public async Task Dispose_WhileItListens_LeavesItsPlaces()
    {
        await using var page = await ChatFixture.CreateAsync();
        var changes = new ConversationChanges();
        await using (var list = ConversationScene.List(page, changes))
        {
            await list.StartAsync(page.User);
            Assert.Equal(1, changes.Watchers);
            Assert.Equal(1, page.Directory.Followers);
        }

        Assert.Equal(0, changes.Watchers);
        Assert.Equal(0, page.Directory.Followers);
    }
}
