using Copilot.Domain.Replay.Export;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Identity;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.RunScreen;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Sessions.RunScreen;

public sealed class ExportedEventsTests : IAsyncLifetime
{
    private WatchedRunScene _scene = null!;
    private RunSummary _run = null!;

    public async ValueTask InitializeAsync()
    {
        _scene = await WatchedRunScene.StartAsync();
        await _scene.StreamAsync("It ", "is ", "here.");
        _run = (await _scene.Store.FindAsync(WatchedRunScene.RunId, CancellationToken.None))!;
    }

    public async ValueTask DisposeAsync() => await _scene.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_ByTheOwner_IsEveryEventAsItWasRecorded(bool wholeConversation)
    {
        var runs = await ReadAsync(WatchedRunScene.Owner, wholeConversation);

        var events = Assert.Single(runs!);
        Assert.Equal(Enumerable.Range(1, 6).Select(seq => (long)seq), events.Select(one => one.Seq));
        var read = RunExport.Read(RunExport.Of(runs!, clip: null, Redaction.None).ToUtf8());
        Assert.Null(read.FindBroken());
        Assert.Equal(events.Select(one => one.Data.ToArray()), read.Events.Select(one => one.Data.ToArray()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_BySomebodyElse_IsNothing(bool wholeConversation) =>
        Assert.Empty((await ReadAsync("usr_9", wholeConversation))!);

    [Fact]
    public async Task Read_PermissionIsTaken_Ends()
    {
        _scene.Access.Revoke();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadAsync(WatchedRunScene.Owner, wholeConversation: false));
    }

    private Task<IReadOnlyList<IReadOnlyList<RunEvent>>?> ReadAsync(string user, bool wholeConversation) =>
        new ExportedEvents(_scene.Store, _scene.Access, NullLogger<ExportedEvents>.Instance)
            .ReadAsync(new UserInfo(user, user, "team_default", Roles.Staff, TimeZoneInfo.Utc), _run, wholeConversation, CancellationToken.None);
}
