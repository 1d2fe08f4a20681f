using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Web.Storage.Runs;
using Copilot.Web.Storage.Search;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Copilot.Web.Storage.Sqlite;

/// <summary>
/// The index in SQLite (FTS5): one row per event that says something. Its number has the run's number above and the event's below, so that
/// the rows of one run lie together. Texts are cut into tokens outside of the write lock, and written in one short transaction for some runs.
/// </summary>
internal sealed class SqliteRunIndex(IDbContextFactory<CopilotDbContext> contexts, EfRunEventStore events) : IRunIndex
{
    /// <summary>How far a run's number stands above its events' numbers.</summary>
    public const int SeqBits = 24;

    /// <summary>Largest event number that a row can have.</summary>
    public const long MaxSeq = (1L << SeqBits) - 1;

    private const int RunsAtOnce = 16;
    private const int EventsAtOnce = 64;

    // Some milliseconds of work under the write lock.
    private const int EnoughText = 64 * 1024;
    private const int MaxTools = 40;
    private const int MaxToolName = 100;

    /// <summary>Removes what the index has of a run. In the transaction that removes its content.</summary>
    public static async Task EraseAsync(CopilotDbContext db, string runId, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM find_texts WHERE rowid IN (
                SELECT t.rowid FROM run_facts f JOIN find_texts t ON t.rowid BETWEEN f.number << {SeqBits} AND (f.number << {SeqBits}) | {MaxSeq}
                WHERE f.run_id = {runId})
            """,
            cancellationToken);
        await db.RunFacts.Where(row => row.RunId == runId).ExecuteUpdateAsync(set => set.SetProperty(row => row.Tools, ""), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<int> CountPendingAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Database.SqlQuery<int>($"SELECT count(*) AS \"Value\" FROM runs WHERE is_indexed = 0").SingleAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<string?> IndexAsync(string? before, CancellationToken cancellationToken)
    {
        var pending = await PendingAsync(before, cancellationToken);
        for (var open = pending; open.Count > 0;)
        {
            var (pages, goOn) = (new List<Page>(), new HashSet<string>());
            foreach (var run in open)
            {
                pages.Add(await ReadAsync(run, cancellationToken));
                if (pages.Sum(page => page.Texts.Sum(text => (long)text.Tokens.Length)) >= EnoughText)
                {
                    goOn.UnionWith(await WriteAsync(pages, cancellationToken));
                    pages.Clear();
                }
            }

            goOn.UnionWith(await WriteAsync(pages, cancellationToken));
            open = open.FindAll(run => goOn.Contains(run.Id));
        }

        return pending.Count == 0 ? null : pending[^1].Id;
    }

    private async Task<List<StoredRun>> PendingAsync(string? before, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // In these words the index of runs that wait is used.
        var runs = before is null
            ? db.Runs.FromSql($"SELECT * FROM runs WHERE is_indexed = 0")
            : db.Runs.FromSql($"SELECT * FROM runs WHERE is_indexed = 0 AND id < {before}");
        return await runs.AsNoTracking().OrderByDescending(row => row.Id).Take(RunsAtOnce).Select(StoredRun.Columns).ToListAsync(cancellationToken);
    }

    private async Task<Page> ReadAsync(StoredRun run, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var after = await db.RunFacts.Where(row => row.RunId == run.Id).Select(row => row.Seq).FirstOrDefaultAsync(cancellationToken);
        var read = await events.ReadWithoutPiecesAsync(run.Id, after, EventsAtOnce, cancellationToken);
        var texts = new List<(long Seq, string Tokens)>();
        foreach (var one in read)
        {
            if (MomentText.Of(one) is { } text && SearchTokens.Of(text) is { Length: > 0 } tokens)
            {
                texts.Add((one.Seq, tokens));
            }
        }

        var isLast = read.Count < EventsAtOnce && read.Sum(one => (long)one.Data.Length) < IRunEventStore.PageBytes;
        return new Page(run, read, texts, isLast);
    }

    /// <returns>The runs of which there is more to read.</returns>
    private async Task<HashSet<string>> WriteAsync(List<Page> pages, CancellationToken cancellationToken)
    {
        if (pages.Count == 0)
        {
            return [];
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(
            async token =>
            {
                var goOn = new HashSet<string>();
                foreach (var page in pages)
                {
                    if (await IsErasedMeanwhileAsync(db, page, token))
                    {
                        // Read again once the erasure is through.
                        continue;
                    }

                    await WriteAsync(db, page, token);
                    if (!page.IsLast)
                    {
                        goOn.Add(page.Run.Id);
                    }
                }

                return goOn;
            },
            cancellationToken);
    }

    // An erasure that began after the events were read must not find its words again here.
    private static async Task<bool> IsErasedMeanwhileAsync(CopilotDbContext db, Page page, CancellationToken cancellationToken)
    {
        if (page.Texts.Count == 0)
        {
            return false;
        }

        var (runId, first, last) = (page.Run.Id, page.Texts[0].Seq, page.Texts[^1].Seq);
        return await db.RunEvents.AnyAsync(row => row.RunId == runId && row.Seq >= first && row.Seq <= last && row.Salt == null, cancellationToken)
            || await db.Runs.AnyAsync(row => row.Id == runId && row.ForgottenAt != null, cancellationToken);
    }

    private static async Task WriteAsync(CopilotDbContext db, Page page, CancellationToken cancellationToken)
    {
        var facts = await db.RunFacts.SingleOrDefaultAsync(row => row.RunId == page.Run.Id, cancellationToken);
        if (facts is null)
        {
            facts = new RunFactsRow { RunId = page.Run.Id };
            db.RunFacts.Add(facts);
        }

        AddFacts(facts, page);
        await db.SaveChangesAsync(cancellationToken);
        Insert(db, facts.Number, page.Texts);
        if (page.IsLast)
        {
            // Pieces that came meanwhile say nothing that is looked for. To wait for a moment without any would mean to read a run that
            // streams again and again.
            var (runId, head) = (page.Run.Id, page.Run.HeadSeq);
            var pieces = await EfRunEventStore.CountPiecesAsync(db, runId, head, cancellationToken);
            await db.Database.ExecuteSqlAsync($"UPDATE runs SET is_indexed = 1 WHERE id = {runId} AND head_seq = {head + pieces}", cancellationToken);
        }

        db.ChangeTracker.Clear();
    }

    private static void Insert(CopilotDbContext db, long number, List<(long Seq, string Tokens)> texts)
    {
        if (texts.Count == 0)
        {
            return;
        }

        using var command = (SqliteCommand)db.Database.GetDbConnection().CreateCommand();
        command.Transaction = (SqliteTransaction)db.Database.CurrentTransaction!.GetDbTransaction();
        command.CommandText = "INSERT OR REPLACE INTO find_texts (rowid, text) VALUES ($row, $text)";
        var (row, text) = (command.Parameters.Add("$row", SqliteType.Integer), command.Parameters.Add("$text", SqliteType.Text));
        foreach (var (seq, tokens) in texts)
        {
            row.Value = (number << SeqBits) | Math.Min(seq, MaxSeq);
            text.Value = tokens;
            command.ExecuteNonQuery();
        }
    }

    private static void AddFacts(RunFactsRow facts, Page page)
    {
        var tools = facts.Tools.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        foreach (var one in page.Events)
        {
            facts.HasIntervention |= one.Source is EventSource.Supervisor || one.Payload is SupervisorAction;
            if (ToolOf(one)?.Replace('\n', ' ').Trim() is { Length: > 0 and <= MaxToolName } tool && tools.Count < MaxTools && !tools.Contains(tool))
            {
                tools.Add(tool);
            }
        }

        var summary = page.Run.ToSummary();
        facts.Seq = Math.Max(page.Events.Count > 0 ? page.Events[^1].Seq : facts.Seq, page.IsLast ? page.Run.HeadSeq : 0);
        facts.Agent = summary.AgentName;
        facts.Model = summary.Model;
        facts.Tools = tools.Count == 0 ? "" : $"\n{string.Join('\n', tools)}\n";
        facts.ToolCalls = summary.ToolCalls;
        facts.Transport = summary.Transport switch { TransportKind.WebSocket => "websocket", TransportKind.Http => "http", _ => null };
        facts.ErrorCode = summary.Error?.Code;
        facts.Tokens = summary.Usage.InputTokens + summary.Usage.OutputTokens;
        facts.HasIntervention |= summary.LatestIntervention is not null;
    }

    private static string? ToolOf(RunEvent one) => one switch
    {
        { Payload: ToolRequested call } => call.Name,
        { Upstream: OutputItemEvent { Done: true, Item: { Type: "mcp_call" } call } } => call.Name,
        { Upstream: OutputItemEvent { Done: true, Item: { Type: not ("function_call" or "custom_tool_call") and var type } } }
            when type.EndsWith("_call", StringComparison.Ordinal) => type[..^"_call".Length],
        _ => null,
    };

    private sealed record Page(StoredRun Run, IReadOnlyList<RunEvent> Events, List<(long Seq, string Tokens)> Texts, bool IsLast);
}
