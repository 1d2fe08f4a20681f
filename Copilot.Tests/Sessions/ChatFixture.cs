using Copilot.Domain.Costs;
using Copilot.Domain.Responses;
using Copilot.Web.Identity;
using Copilot.Web.Runs;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Security;
using Copilot.Web.Supervision.Incident;
using Microsoft.EntityFrameworkCore;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.Timelines;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Sessions;

/// <summary>A page's conversation over a real database and the real directory; runs and access do what the test says.</summary>
internal sealed class ChatFixture : IAsyncDisposable
{
    public const string Team = "team_default";

    /// <summary>The id of a message.</summary>
    public const string Message = "0123456789abcdef0123456789abcdef";

    private ChatFixture(TestDatabase database)
    {
        Database = database;
        Runs = new AskedRuns { OnStart = StartAsync };
        Chat = new ChatSession(
            database.Sessions, database.Events, Directory, new RunTimelines(new ScriptedRunFeed(), snapshots: null, Clock, NullLogger<RunTimelines>.Instance), Access, Audit.Page, Clock, NullLoggerFactory.Instance);
        var control = new RunControl(Runs, Access, NullLogger<RunControl>.Instance);
        Start = new StartRun(
            Runs,
            Runs,
            Access,
            database.Sessions,
            database.Agents,
            database.Files(),
            database.Space(),
            new IdempotentStart(
                Runs, database.Events, database.Contexts, new InstallationKey(Path.Combine(Path.GetDirectoryName(database.Path)!, "keys")), Clock),
            new IntakeStops(
                new Levers(
                    database.Contexts,
                    new PersonStore(database.Contexts),
                    new PeopleAudit(database.Contexts, new PersonStore(database.Contexts), Clock),
                    Clock,
                    NullLogger<Levers>.Instance),
                new PersonStore(database.Contexts)),
            new PriceTable(Microsoft.Extensions.Options.Options.Create(new PriceOptions())),
            Microsoft.Extensions.Options.Options.Create(new UpstreamOptions()),
            Clock,
            NullLogger<StartRun>.Instance);
        Commands = new ChatCommands(
            Start,
            control,
            new SteerRun(control),
            new RaiseBudget(control),
            new DecideApproval(Runs, Access, new PersonStore(database.Contexts), NullLogger<DecideApproval>.Instance),
            new AnswerQuestion(Runs, Access, NullLogger<AnswerQuestion>.Instance),
            new RequestLimits(Microsoft.Extensions.Options.Options.Create(new Copilot.Web.Options.LimitOptions())),
            Clock,
            NullLogger<ChatCommands>.Instance);
    }

    public TestDatabase Database { get; }

    public ManualClock Clock { get; } = new();

    public RunDirectory Directory { get; } = new();

    public ScriptedAccess Access { get; } = new();

    public RecordedAccess Audit { get; } = new();

    public AskedRuns Runs { get; }

    public ChatSession Chat { get; }

    public ChatCommands Commands { get; }

    public StartRun Start { get; }

    public UserInfo User { get; } = new("usr_1", "Una", Team, "Staff", TimeZoneInfo.Utc);

    public static async Task<ChatFixture> CreateAsync() => new(await TestDatabase.CreateAsync());

    /// <summary>Commits a run as its actor would, and publishes it.</summary>
    public async Task<RunSummary> CommitAsync(string runId, string sessionId, string userId, string? parent, params string[] more)
    {
        var events = new RunEvents(runId);
        events.Own(RunEventTypes.RunCreated, $$$"""
            {"session_id":"{{{sessionId}}}","user_id":"{{{userId}}}","team_id":"{{{Team}}}","parent_run_id":{{{(parent is null ? "null" : $"\"{parent}\"")}}},"parent_seq":null,
             "agent":{"id":"agt_default","version":1,"name":"Copilot","model":"m","instructions":"","limits":{"tool_rounds":25,"failed_rounds":3,"duration_ms":60000}},"metadata":{}}
            """);
        events.Own(RunEventTypes.UserMessage, $$"""{"text":"Question of {{runId}}","message_id":"{{runId}}"}""");
        foreach (var type in more)
        {
            events.Own(type, """{"duration_ms":1}""");
        }

        await Database.Events.AppendAsync([new RunAppend(events.Summary, events.All)], CancellationToken.None);
        Directory.Publish(events.Summary);
        return events.Summary;
    }

    /// <summary>Hides a session, as its deletion does.</summary>
    public async Task DeleteAsync(string sessionId)
    {
        await using var db = await Database.Contexts.CreateDbContextAsync();
        (await db.Sessions.SingleAsync(row => row.Id == sessionId)).DeletedAt = 1;
        await db.SaveChangesAsync();
    }

    /// <summary>Waits until the page shows what the test is after.</summary>
    public async Task<ChatState> WhenAsync(Func<ChatState, bool> reached)
    {
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (reached(Chat.State))
            {
                signal.TrySetResult();
            }
        }

        Chat.Changed += Look;
        Look();
        await signal.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Chat.Changed -= Look;
        return Chat.State;
    }

    /// <summary>Runs write to the database before they answer, and the disk is full.</summary>
    public void FillDisk()
    {
        var log = new RunEvents("run_big").Created("ses_big", User.Id);
        log.Own(RunEventTypes.UserMessage, $$"""{"text":"{{new string('x', 500_000)}}","message_id":"big"}""");
        Runs.Before = token => Database.Events.AppendAsync([new RunAppend(log.Summary, log.All)], token);
        Database.FillDisk();
    }

    /// <summary>Runs do not answer until the caller gives up. The task completes when one was asked.</summary>
    public Task KeepSilent()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Runs.Before = token =>
        {
            asked.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, token);
        };
        return asked.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await Chat.DisposeAsync();
        Access.Dispose();
        await Database.DisposeAsync();
    }

    private async Task<StartOutcome> StartAsync(RunRequest request, CancellationToken cancellationToken) =>
        new StartOutcome.Started(
            await CommitAsync($"run_{Runs.Requests.Count}", request.SessionId, request.Owner.UserId, null, RunEventTypes.RunStarted),
            Existing: false);
}
