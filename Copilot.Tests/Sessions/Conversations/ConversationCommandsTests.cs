using Copilot.Domain.Erasure;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.Conversations;
using Copilot.Web.Storage.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Sessions.Conversations;

/// <summary>One conversation, what is done with it, and the lists of two tabs that hear of it.</summary>
public sealed class ConversationCommandsTests : IAsyncLifetime
{
    private readonly ConversationChanges _changes = new();
    private ChatFixture _page = null!;
    private ConversationList _here = null!;
    private ConversationList _there = null!;
    private ConversationCommands _commands = null!;

    private SessionInfo Conversation => Assert.Single(_here.Items);

    public async ValueTask InitializeAsync()
    {
        _page = await ChatFixture.CreateAsync();
        await _page.CommitAsync("run_a", "ses_1", "usr_1", null, RunEventTypes.RunStarted, RunEventTypes.RunFailed);
        (_here, _there) = (ConversationScene.List(_page, _changes), ConversationScene.List(_page, _changes));
        _commands = ConversationScene.Commands(_page, _changes);
        await _here.StartAsync(_page.User);
        await _there.StartAsync(_page.User);
    }

    public async ValueTask DisposeAsync()
    {
        _commands.Dispose();
        await _here.DisposeAsync();
        await _there.DisposeAsync();
        await _page.DisposeAsync();
    }

    [Fact]
    public async Task Rename_PinAndArchive_AreSeenInEveryTab()
    {
        Assert.True(await _commands.RenameAsync(_page.User, Conversation, "A tour"));
        await Both(list => list.Items is [{ Title: "A tour" }], "the title");

        Assert.True(await _commands.PinAsync(_page.User, Conversation, pinned: true));
        await Both(list => list.Pinned.Count == 1, "the pin");

        Assert.True(await _commands.ArchiveAsync(_page.User, Conversation, archived: true));
        await Both(list => list.Items.Count == 0, "the archive");
    }

    [Fact]
    public async Task Rename_NotAllowed_ChangesNothing()
    {
        _page.Access.Allows = (_, _, _) => false;

        Assert.False(await _commands.RenameAsync(_page.User, Conversation, "A tour"));

        Assert.Equal(Conversation.Title, (await _page.Database.Sessions.FindAsync("ses_1", CancellationToken.None))?.Title);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Erase_DiskIsFull_SaysItIsSafeToTryAgain(bool delete)
    {
        await using (var db = await _page.Database.Contexts.CreateDbContextAsync())
        {
            // A row may still fit into a page that the file has; with this none does.
            await db.WriteAsync(
                token => db.Database.ExecuteSqlRawAsync("CREATE TRIGGER fill AFTER INSERT ON forgettings BEGIN INSERT INTO teams VALUES (hex(randomblob(8)), hex(zeroblob(500000))); END", token),
                CancellationToken.None);
        }

        var conversation = Conversation;
        _page.Database.FillDisk();

        Assert.Equal(SessionText.DeleteNotSaved(delete), (await _commands.EraseAsync(_page.User, conversation, delete)).Problem);

        Assert.Equal("ses_1", Conversation.Id);
        _page.Database.FreeDisk();
        Assert.Null((await _commands.EraseAsync(_page.User, conversation, delete)).Problem);
    }

    [Fact]
    public async Task Erase_NotAllowed_SaysSo()
    {
        _page.Access.Allows = (_, _, _) => false;

        Assert.Equal(SessionText.DeleteFailed(whole: false), (await _commands.EraseAsync(_page.User, Conversation, delete: false)).Problem);
    }

    [Fact]
    public async Task Erase_AndUndo_LeavesAndComesBackInEveryTab()
    {
        var requested = await _commands.EraseAsync(_page.User, Conversation, delete: true);

        await Both(list => list.Items.Count == 0, "it has left");
        var open = Assert.Single(await _page.Database.Services.GetRequiredService<IErasureStore>().ReadToEraseAsync(CancellationToken.None));
        Assert.True(open.NextAt > _page.Clock.GetUtcNow());
        Assert.True(await _commands.UndoAsync(_page.User, requested.RequestId!));
        await Both(list => list.Items is [{ Id: "ses_1" }], "it is back");
        Assert.False(await _commands.UndoAsync(_page.User, requested.RequestId!));
    }

    [Fact]
    public async Task Erase_TimeIsOver_CannotBeUndone()
    {
        var requested = await _commands.EraseAsync(_page.User, Conversation, delete: true);
        _page.Clock.Advance(TimeSpan.FromSeconds(12));

        Assert.False(await _commands.UndoAsync(_page.User, requested.RequestId!));

        await Both(list => list.Items.Count == 0, "it has left");
    }

    [Fact]
    public async Task See_AnswerThatIsNew_IsReadOnEveryDevice()
    {
        Assert.True(Conversation.IsUnread);
        Assert.True(Conversation.HasFailed);

        await _commands.SeeAsync(_page.User, Conversation);

        await Both(list => list.Items is [{ IsUnread: false }], "it was seen");
    }

    private async Task Both(Func<ConversationList, bool> isSo, string phase)
    {
        await _here.When(() => isSo(_here), phase + " here");
        await _there.When(() => isSo(_there), phase + " in the other tab");
    }
}
