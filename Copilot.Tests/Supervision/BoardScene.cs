using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Supervision;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Storage;
using Copilot.Web.Identity;
using Copilot.Web.Supervision;
using Copilot.Web.Supervision.Claims;
using Copilot.Web.Supervision.Help;
using Copilot.Web.Supervision.Rules;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Supervision;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Supervision;

/// <summary>A board over a real directory and a real database, on a clock that stands still.</summary>
internal sealed class BoardScene : IAsyncDisposable
{
    // The tick of a second alone.
    private const int Quiet = 1;

    private long _seen;

    private BoardScene(TestDatabase database)
    {
        Database = database;
        Log = new RunWatchLog(database.Contexts, Clock, NullLogger<RunWatchLog>.Instance);
        Presence = new RunPresence(Log, Clock);
        Claims = new RunClaims(
            new RunClaimRows(database.Contexts, Clock),
            Presence,
            new SupervisorAccess(new PersonStore(database.Contexts), new AccessChanges()),
            Clock,
            NullLogger<RunClaims>.Instance);
        Help = new HelpRequests(
            database.Contexts, database.Events, new ScriptedAccess(), new PersonStore(database.Contexts), Clock, NullLogger<HelpRequests>.Instance);
        Rows = new LiveRows(
            Presence,
            Claims,
            Help,
            Rules,
            new BoardNames(database.Contexts, Clock, NullLogger<BoardNames>.Instance),
            new ContextWindows(Microsoft.Extensions.Options.Options.Create(new UpstreamOptions())),
            Microsoft.Extensions.Options.Options.Create(new SupervisionOptions()),
            Clock);
        Board = new LiveBoard(Directory, database.Events, Presence, Help, Rules, Rows, Clock, NullLogger<LiveBoard>.Instance);
    }

    public ManualClock Clock { get; } = new();

    public RunDirectory Directory { get; } = new();

    public TestDatabase Database { get; }

    public RunWatchLog Log { get; }

    public RunPresence Presence { get; }

    public RunClaims Claims { get; }

    public HelpRequests Help { get; }

    public RulesInForce Rules { get; } = new(NullLogger<RulesInForce>.Instance);

    public LiveRows Rows { get; }

    public LiveBoard Board { get; }

    public static async Task<BoardScene> StartAsync()
    {
        var scene = new BoardScene(await TestDatabase.CreateAsync());
        await scene.Board.StartAsync(CancellationToken.None);
        await scene.Clock.WhenTimersArmedAsync(Quiet);
        return scene;
    }

    /// <summary>Help is asked for in a run.</summary>
    public async Task AskForHelpAsync(string runId)
    {
        await using var db = await Database.Contexts.CreateDbContextAsync();
        db.HelpRequests.Add(new HelpRequestRow
        {
            Id = "help_" + runId,
            RunId = runId,
            SessionId = "ses_1",
            UserId = "usr_1",
            TeamId = "team_default",
            Reason = "why",
            RequestedBy = "usr_1",
            RequestedAt = UnixMicroseconds.From(Clock.GetUtcNow()),
        });
        await db.SaveChangesAsync();
        await Help.LoadAsync(CancellationToken.None);
    }

    /// <summary>Somebody takes it on.</summary>
    public async Task HelpAsync(string runId)
    {
        await using var db = await Database.Contexts.CreateDbContextAsync();
        var row = await db.HelpRequests.SingleAsync(request => request.RunId == runId);
        (row.AcceptedBy, row.AcceptedAt) = ("usr_boss", UnixMicroseconds.From(Clock.GetUtcNow()));
        await db.SaveChangesAsync();
        await Help.LoadAsync(CancellationToken.None);
    }

    /// <summary>A run at work, whose newest event happens now.</summary>
    public RunSummary Working(string name) =>
        new FakeRun(name).Summary with { Status = RunStatus.Running, StartedAt = Clock.GetUtcNow(), LastEventAt = Clock.GetUtcNow(), HeadSeq = 3 };

    /// <summary>Waits for a state of the board, and lets it come to rest after each that it shows.</summary>
    public async Task<LiveSnapshot> WhenAsync(Func<LiveSnapshot, bool> isIt, string phase)
    {
        while (true)
        {
            var changed = Board.Changed;
            var board = Board.Current;
            if (board.Version == _seen)
            {
                await changed.Soon(phase);
                continue;
            }

            // Each state is followed by one pause.
            _seen = board.Version;
            await Clock.WhenTimersArmedAsync(Quiet + 1);
            Clock.Advance(TimeSpan.FromMilliseconds(200));
            if (isIt(board))
            {
                return board;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Board.StopAsync(CancellationToken.None);
        Board.Dispose();
        Help.Dispose();
        Claims.Dispose();
        Log.Dispose();
        await Database.DisposeAsync();
    }
}
