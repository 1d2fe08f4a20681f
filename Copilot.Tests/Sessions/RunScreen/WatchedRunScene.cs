using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.RunScreen;
using Copilot.Web.Sessions.Timelines;
using Copilot.Web.Supervision;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Sessions.RunScreen;

/// <summary>A run that works, in a real database with the real log and directory, and pages that look at it.</summary>
internal sealed class WatchedRunScene : IAsyncDisposable
{
    public const string RunId = "run_1";
    public const string Owner = "usr_1";

    private readonly RunLogs _logs = new();
    private readonly List<WatchedRun> _pages = [];
    private readonly TestDatabase _database;
    private readonly RunEventWriter _writer;
    private readonly RunTimelines _timelines;
    private readonly RunWatchLog _watchLog;
    private int _written;

    private WatchedRunScene(TestDatabase database)
    {
        _database = database;
        _writer = new RunEventWriter(database.Events, _logs, Directory, new StoreAvailability(), TimeProvider.System, NullLogger<RunEventWriter>.Instance);
        _timelines = new RunTimelines(new RunFeed(_logs, database.Events), snapshots: null, Clock, NullLogger<RunTimelines>.Instance);
        _watchLog = new RunWatchLog(database.Contexts, Clock, NullLogger<RunWatchLog>.Instance);
        Presence = new RunPresence(_watchLog, Clock);
    }

    public ManualClock Clock { get; } = new();

    public RunDirectory Directory { get; } = new();

    public ScriptedAccess Access { get; } = new();

    public RecordedAccess Audit { get; } = new();

    public RunPresence Presence { get; }

    public RunEvents Events { get; } = new(RunId);

    public IRunEventStore Store => _database.Events;

    public static async Task<WatchedRunScene> StartAsync()
    {
        var scene = new WatchedRunScene(await TestDatabase.CreateAsync());
        scene.Events.Created("ses_1", Owner);
        scene.Events.Own(RunEventTypes.UserMessage, """{"text":"Where is it?","message_id":"m1"}""");
        scene.Events.Own(RunEventTypes.RunStarted, "{}");
        await scene.CommitAsync();
        return scene;
    }

    /// <summary>Commits what was added to <see cref="Events"/>, and publishes it.</summary>
    public async Task CommitAsync()
    {
        var added = Events.All.Skip(_written).ToList();
        _written = Events.All.Count;
        await _writer.AppendAsync(new RunAppend(Events.Summary, added));
    }

    /// <summary>Text that streams: one event for each piece.</summary>
    public async Task StreamAsync(params string[] pieces)
    {
        foreach (var piece in pieces)
        {
            Events.Upstream($$"""{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"{{piece}}"}""");
        }

        await CommitAsync();
    }

    /// <summary>Somebody opens the run's page; what it draws goes to the list.</summary>
    public async Task<(WatchedRun Page, DrawnSteps Drawn)> OpenAsync(string userId, string role)
    {
        Access.Role = role;
        var page = new WatchedRun(
            Store, Directory, _timelines, Access, Presence, new PersonNames(_database.Contexts),
            new SessionRuns(Store, Directory, Access, Audit.Page, NullLogger<SessionRuns>.Instance), Audit.Page, Clock, NullLoggerFactory.Instance);
        _pages.Add(page);
        var drawn = new DrawnSteps();
        await page.OpenAsync(new UserInfo(userId, userId, "team_default", role, TimeZoneInfo.Utc), RunId, drawn.DrawAsync, CancellationToken.None);
        return (page, drawn);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var page in _pages)
        {
            await page.DisposeAsync();
        }

        await _writer.DisposeAsync();
        _watchLog.Dispose();
        Access.Dispose();
        await _database.DisposeAsync();
    }
}
