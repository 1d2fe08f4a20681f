using System.Text;
using Copilot.Domain.Audit;
using Copilot.Domain.Audit.Checkpoints;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Audit;
using Copilot.Web.Storage.Audit;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Audit;

/// <summary>
/// A database with three runs, an access log and checkpoints, as the product writes them, and copies of its file that somebody changes
/// behind the program's back.
/// </summary>
internal sealed class AuditScene : IAsyncDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    private readonly TestDatabase _database;
    private readonly List<string> _copies = [];
    private readonly CheckpointSigner _signer;

    private AuditScene(TestDatabase database)
    {
        _database = database;
        Keys = Path.Combine(Path.GetDirectoryName(database.Path)!, "keys");
        _signer = new CheckpointSigner(Keys);
        Last = new LastCheckpoint(Keys);
        Log = new AccessLog(database.Contexts, TimeProvider.System);
        Maker = new CheckpointMaker(
            database.Contexts, database.Services.GetRequiredService<ChangedChains>(), _signer, Last, TimeProvider.System);
    }

    public TestDatabase Database => _database;

    /// <summary>The folder of the keys.</summary>
    public string Keys { get; }

    public LastCheckpoint Last { get; }

    public AccessLog Log { get; }

    public CheckpointMaker Maker { get; }

    /// <summary>Runs a, b and c of eight events, four entries of the access log; one checkpoint after five events each, one at the end.</summary>
    public static async Task<AuditScene> CreateAsync()
    {
        var scene = new AuditScene(await TestDatabase.CreateAsync());
        foreach (var through in new[] { 5, 8 })
        {
            foreach (var run in new[] { "run_a", "run_b", "run_c" })
            {
                await scene.WriteAsync(run, through);
            }

            await scene.RecordAsync($"usr_{through}", "run_a");
            await scene.RecordAsync($"usr_{through}", "run_b");
            await scene.Maker.MakeAsync(CancellationToken.None);
        }

        return scene;
    }

    /// <summary>Writes a run's events up to a place.</summary>
    public async Task WriteAsync(string runId, int through)
    {
        var (log, before) = (new List<RunEvent>(), (await _database.Events.ReadHeadAsync(runId, CancellationToken.None))?.Seq ?? 0);
        RunSummary? summary = null;
        foreach (var one in Drafts(runId, through))
        {
            var sealedEvent = before >= one.Seq
                ? (await _database.Events.ReadAsync(runId, one.Seq - 1, 1, CancellationToken.None))[0]
                : RunEventChain.Seal(runId, one.Seq, log.Count == 0 ? RunEventChain.Start : log[^1].Hash, one.Draft);
            log.Add(sealedEvent);
            summary = RunSummaryFold.Apply(summary, sealedEvent);
        }

        await _database.Events.AppendAsync([new RunAppend(summary!, [.. log.Where(one => one.Seq > before)])], CancellationToken.None);
    }

    public Task RecordAsync(string actor, string objectId) => Log.RecordAsync(
        new AccessEntry { Action = AccessActions.RunOpened, ActorId = actor, ActorName = "Ada", Address = "192.0.2.7", ObjectId = objectId, OwnerId = "usr_1" },
        CancellationToken.None);

    /// <summary>Verifies the database as it is.</summary>
    public Task<AuditReport> VerifyAsync(params ExportedCheckpoint[] exported) => VerifyAsync(_database.ConnectionString, AuditRange.All, exported);

    public Task<AuditReport> VerifyAsync(string connectionString, AuditRange range, params ExportedCheckpoint[] exported) =>
        new AuditVerification(new SqliteAuditStore(connectionString), new PublicCheckpointKeys(Keys)).RunAsync(range, exported, _ => { }, CancellationToken.None);

    /// <summary>Changes a copy of the file, and says what a verification of it finds.</summary>
    public async Task<IReadOnlyList<string>> TamperAsync(Action<TamperedFile> change, params ExportedCheckpoint[] exported)
    {
        var copy = await CopyAsync();
        using (var file = new TamperedFile(copy))
        {
            change(file);
        }

        var report = await VerifyAsync($"Data Source={copy};Pooling=False", AuditRange.All, exported);
        return [.. report.Findings.Select(Tell)];
    }

    /// <summary>A finding as one word per part.</summary>
    public static string Tell(AuditFinding finding)
    {
        var text = new StringBuilder($"{finding.Kind} {finding.Chain}");
        if (finding.From is { } from)
        {
            text.Append(from == finding.To ? $" {from}" : $" {from}-{finding.To}");
        }

        if (finding.Other is { } other)
        {
            text.Append(finding.OtherChain == finding.Chain ? $" at {other}" : $" at {finding.OtherChain} {other}");
        }

        return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var copy in _copies)
        {
            Directory.Delete(copy, recursive: true);
        }

        Log.Dispose();
        _signer.Dispose();
        using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder(_database.ConnectionString) { Mode = SqliteOpenMode.ReadOnly, DefaultTimeout = 5 }.ToString()))
        {
            SqliteConnection.ClearPool(connection);
        }

        await _database.DisposeAsync();
    }

    private async Task<string> CopyAsync()
    {
        await _database.ScalarAsync<long>("PRAGMA wal_checkpoint(TRUNCATE)");
        var folder = Directory.CreateTempSubdirectory("copilot-audit-").FullName;
        _copies.Add(folder);
        var copy = Path.Combine(folder, "copilot.db");
        await using var source = new FileStream(_database.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        await using var target = File.Create(copy);
        await source.CopyToAsync(target);
        return copy;
    }

    private static IEnumerable<(long Seq, RunEventDraft Draft)> Drafts(string runId, int through)
    {
        var large = new string('x', 70_000);
        string[] data =
        [
            $$$"""
            {"session_id":"ses_{{{runId}}}","user_id":"usr_1","team_id":"team_default","parent_run_id":null,"parent_seq":null,
             "agent":{"id":"agt_default","version":1,"name":"Copilot","model":"m","instructions":"","limits":{"tool_rounds":25,"failed_rounds":3,"duration_ms":60000}},"metadata":{}}
            """,
            $$"""{"text":"Hello","message_id":"{{runId}}"}""",
            """{"type":"response.output_text.delta","delta":"Wor"}""",
            $$"""{"type":"response.output_text.delta","delta":"{{large}}"}""",
            """{"name":"t","deadline_ms":1}""",
            """{"type":"response.output_text.delta","delta":"ld"}""",
            """{"duration_ms":1}""",
            """{"duration_ms":2}""",
        ];
        string[] types =
        [
            "run.created", "user.message", "response.output_text.delta", "response.output_text.delta", "tool.started", "response.output_text.delta",
            "run.started", "run.completed",
        ];
        for (var at = 0; at < through; at++)
        {
            yield return (at + 1, new RunEventDraft
            {
                At = s_start.AddSeconds(at),
                Source = types[at].StartsWith("response.", StringComparison.Ordinal) ? EventSource.Upstream : EventSource.System,
                Actor = new EventActor("usr_1", "Staff"),
                Type = types[at],
                ResponseId = "resp_1",
                CallId = "call_1",
                Data = Encoding.UTF8.GetBytes(data[at]),
            });
        }
    }
}
