using System.Text.Json;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Storage.Packing;
using Copilot.Web.Storage.Sessions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Storage.Runs;

/// <summary>
/// Writes appends with statements that are prepared once: EF's change tracker reaches a third of their throughput. It holds one context
/// with an open connection, because opening one per transaction costs more than most transactions. Its caller holds the write lock; after
/// a failure it is discarded.
/// </summary>
internal sealed class RunAppendWriter : IDisposable
{
    private readonly CopilotDbContext _db;
    private readonly RunStatements _statements;
    private readonly RawTransaction _transaction;

    public RunAppendWriter(IDbContextFactory<CopilotDbContext> contexts)
    {
        _db = contexts.CreateDbContext();
        try
        {
            _db.Database.OpenConnection();
            var connection = (SqliteConnection)_db.Database.GetDbConnection();
            _statements = new RunStatements(connection);
            _transaction = new RawTransaction(connection);
        }
        catch
        {
            _db.Dispose();
            throw;
        }
    }

    /// <summary>Commits the appends in one transaction.</summary>
    /// <exception cref="RunForkedException">A run's head is not where its append continues. Nothing was committed.</exception>
    /// <exception cref="SessionTakenException">A new run's session belongs to somebody else or was deleted. Nothing was committed.</exception>
    public void Commit(IReadOnlyList<RunAppend> appends) => _transaction.Commit(() =>
    {
        foreach (var append in appends)
        {
            Write(append);
        }
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        _statements.Dispose();
        _transaction.Dispose();
        _db.Dispose();
    }

    /// <summary>Writes one append, or does nothing if exactly these events are already stored.</summary>
    private void Write(RunAppend append)
    {
        var (summary, events) = append;
        var head = _statements.Runs.ReadHead(summary.RunId);
        if (events[0].Seq <= head)
        {
            if (!IsStored(events))
            {
                throw new RunForkedException(summary.RunId);
            }

            return;
        }

        if (events[0].Seq != head + 1)
        {
            throw new RunForkedException(summary.RunId);
        }

        try
        {
            WriteRun(summary, events, head);
            foreach (var @event in events)
            {
                _statements.InsertEvent(@event);
                if (@event.NewSaltKey is not null)
                {
                    _statements.InsertSaltKey(@event);
                }
            }
        }
        catch (SqliteException exception) when (IsDuplicate(exception))
        {
            throw new RunForkedException(summary.RunId);
        }

        WriteSession(summary, events);
    }

    private void WriteRun(RunSummary summary, IReadOnlyList<RunEvent> events, long head)
    {
        if (head > 0 && events.All(IsDelta))
        {
            // The summary with its texts may be long, and of what deltas change in it only the newest words would be new.
            if (!_statements.Runs.MoveHead(summary, head))
            {
                throw new RunForkedException(summary.RunId);
            }

            return;
        }

        var messageId = MessageOf(events)?.MessageId ?? ForkOf(events)?.MessageId;
        if (head == 0)
        {
            if (!_statements.InsertSession(summary, (events[0].Payload as RunCreated)?.Agent?.Id))
            {
                throw new SessionTakenException(summary.SessionId);
            }

            _statements.InsertRun(summary, messageId, JsonSerializer.Serialize(summary, StorageJson.Default.RunSummary));
            return;
        }

        if (!_statements.Runs.Update(summary, messageId, head))
        {
            throw new RunForkedException(summary.RunId);
        }
    }

    private void WriteSession(RunSummary summary, IReadOnlyList<RunEvent> events)
    {
        var becomesHead = false;
        var settled = false;
        foreach (var @event in events)
        {
            becomesHead |= @event.Type is RunEventTypes.RunCreated or RunEventTypes.RunStarted;
            settled |= RunEventTypes.IsSettled(@event.Type);
        }

        if (becomesHead || settled)
        {
            _statements.UpdateSession(summary, becomesHead, settled);
        }

        var message = MessageOf(events);
        foreach (var file in message is null ? [] : summary.Files)
        {
            // In the message's transaction, so that a file of a message is never treated as unused.
            _statements.AttachFile(file.Id, summary.SessionId);
        }

        var forked = ForkOf(events);
        if ((forked?.Title ?? (message is null ? null : TitleOf(message, summary))) is { } words
            && _statements.SetFirstTitle(summary, SessionTitle.From(words), forked?.Title is null ? null : "person") is { } title)
        {
            _statements.Search.Index(summary.SessionId, SessionSearch.TitleRow, title);
        }

        if (message is not null || forked is not null || settled)
        {
            _statements.Search.Index(summary.SessionId, summary.RunId, $"{summary.Input}\n{summary.OutputText}");
        }
    }

    private bool IsStored(IReadOnlyList<RunEvent> events)
    {
        var (runId, from, to) = (events[0].RunId, events[0].Seq, events[^1].Seq);
        var stored = new List<RunEvent>(_statements.ReadEvents(runId, from, to));
        for (var after = from - 1; stored.Count < events.Count && RunSegments.Read(_db, runId, after) is { } packed && packed[0].Seq <= to; after = packed[^1].Seq)
        {
            stored.AddRange(packed.Where(one => one.Seq <= to));
        }

        stored.Sort((one, other) => one.Seq.CompareTo(other.Seq));
        return stored.Count == events.Count && stored.Zip(events).All(pair => RunEventRowMapping.IsSame(pair.First, pair.Second));
    }

    private static bool IsDelta(RunEvent runEvent) =>
        runEvent.Source is EventSource.Upstream && runEvent.Type.EndsWith(".delta", StringComparison.Ordinal);

    private static string TitleOf(UserMessage message, RunSummary summary) =>
        message.Text is { Length: > 0 } text ? text : string.Join(", ", summary.Files.Select(file => file.Name));

    private static RunForked? ForkOf(IReadOnlyList<RunEvent> events)
    {
        foreach (var @event in events)
        {
            if (@event.Type is RunEventTypes.RunForked && @event.Payload is RunForked forked)
            {
                return forked;
            }
        }

        return null;
    }

    private static UserMessage? MessageOf(IReadOnlyList<RunEvent> events)
    {
        foreach (var @event in events)
        {
            if (@event.Type is RunEventTypes.UserMessage && @event.Payload is UserMessage message)
            {
                return message;
            }
        }

        return null;
    }

    // SQLITE_CONSTRAINT_PRIMARYKEY and _UNIQUE: the row, or the message of this session, already exists.
    private static bool IsDuplicate(SqliteException exception) => exception.SqliteExtendedErrorCode is 1555 or 2067;
}
