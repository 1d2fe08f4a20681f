using System.Collections.Immutable;
using Copilot.Domain.Concurrency;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Tools.Switches;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Runs;
using Copilot.Web.Storage.Supervision;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Supervision.Incident;

/// <summary>
/// The levers for an incident: stop new requests, switch a tool off. Set by an admin with a reason, effective everywhere as soon as it is
/// committed, undone by one call; both are in the audit. Asked at every start and every call, so what is set is in memory.
/// </summary>
internal sealed partial class Levers(
    IDbContextFactory<CopilotDbContext> contexts, PersonStore people, PeopleAudit audit, TimeProvider time, ILogger<Levers> logger)
    : IToolSwitches, IDisposable
{
    /// <summary>Longest reason, in UTF-16 units.</summary>
    public const int MaxReasonLength = 500;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly AsyncSignal _changed = new();
    private volatile ImmutableDictionary<(LeverKind Kind, string Target), Lever> _set = ImmutableDictionary<(LeverKind, string), Lever>.Empty;

    /// <summary>Completes at the next change. Take it before reading.</summary>
    public Task Changed => _changed.Next;

    /// <summary>The levers that are set, the newest first.</summary>
    public IReadOnlyList<Lever> Set => [.. _set.Values.OrderByDescending(lever => lever.SetAt)];

    /// <inheritdoc/>
    public bool IsOff(string tool) => _set.ContainsKey((LeverKind.ToolOff, tool));

    /// <summary>The lever that stops new requests to an agent, or null.</summary>
    public Lever? FindStop(string agentId) =>
        _set.GetValueOrDefault((LeverKind.StopIntakeAll, "")) ?? _set.GetValueOrDefault((LeverKind.StopIntakeAgent, agentId));

    /// <summary>Reads what is set; once, before anything is started.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Levers.AsNoTracking().Where(row => row.UndoneAt == null).ToListAsync(cancellationToken);
        _set = rows.Select(Read).OfType<Lever>().ToImmutableDictionary(lever => (lever.Kind, lever.Target));
        _changed.Set();
    }

    /// <summary>The newest levers, also those that were undone, newest first; null for who is no admin.</summary>
    public async Task<IReadOnlyList<Lever>?> ReadAsync(ChangedBy reader, int count, CancellationToken cancellationToken)
    {
        if (!await people.IsAdminAsync(reader, cancellationToken))
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Levers.AsNoTracking().OrderByDescending(row => row.SetAt).Take(count).ToListAsync(cancellationToken);
        return [.. rows.Select(Read).OfType<Lever>()];
    }

    /// <summary>Sets a lever. One that is set already stays as it is, and the caller is told by whom.</summary>
    /// <param name="by">Who sets it: an admin.</param>
    /// <param name="kind">What it does.</param>
    /// <param name="target">The agent's id or the tool's name; empty for all. The caller has looked that there is such a one.</param>
    /// <param name="reason">Why, 1 to <see cref="MaxReasonLength"/> characters.</param>
    /// <param name="cancellationToken">Stops it before the commit.</param>
    public Task<LeverChange> SetAsync(ChangedBy by, LeverKind kind, string target, string reason, CancellationToken cancellationToken)
    {
        reason = reason.Trim();
        return reason.Length switch
        {
            0 => Task.FromResult(LeverChange.Refused(RefusalCode.Invalid, LeverText.ReasonMissing, "reason")),
            > MaxReasonLength => Task.FromResult(
                LeverChange.Refused(RefusalCode.Invalid, LeverText.ReasonTooLong(reason.Length, MaxReasonLength), "reason")),
            _ => TurnAsync(by, () => SetInTurnAsync(by, kind, target, reason, cancellationToken), cancellationToken),
        };
    }

    /// <summary>Undoes a lever. One that was undone before stays undone, and the caller is told by whom.</summary>
    public Task<LeverChange> UndoAsync(ChangedBy by, string leverId, CancellationToken cancellationToken) => TurnAsync(
        by,
        async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            if (await db.Levers.SingleOrDefaultAsync(one => one.Id == leverId, cancellationToken) is not { } row || Read(row) is not { } lever)
            {
                return LeverChange.Refused(RefusalCode.NotFound, LeverText.Gone);
            }

            if (lever.UndoneAt is not null)
            {
                return new LeverChange(CommandResult.Refused(RefusalCode.Conflict, LeverText.UndoneBefore(lever)), lever);
            }

            (row.UndoneBy, row.UndoneByName, row.UndoneAt) = (by.UserId, by.Name, UnixMicroseconds.From(time.GetUtcNow()));
            audit.Add(db, by, AuditAction.LeverUndone, user: null, Name(lever.Kind, lever.Target), row.Id, before: row.Reason);
            await db.SaveChangesAsync(cancellationToken);
            _set = _set.Remove((lever.Kind, lever.Target));
            _changed.Set();
            LogUndone(lever.Kind, lever.Target, by.Name);
            return new LeverChange(CommandResult.Done, Read(row));
        },
        cancellationToken);

    public void Dispose() => _turn.Dispose();

    // What a newer version has stored is ignored by an older one.
    private static Lever? Read(LeverRow row) => LeverKinds.Parse(row.Kind) is not { } kind
        ? null
        : new Lever
        {
            Id = row.Id,
            Kind = kind,
            Target = row.Target,
            Reason = row.Reason,
            SetBy = row.SetByName,
            SetAt = UnixMicroseconds.ToTime(row.SetAt),
            UndoneBy = row.UndoneByName,
            UndoneAt = row.UndoneAt is { } at ? UnixMicroseconds.ToTime(at) : null,
        };

    private static string Name(LeverKind kind, string target) => target.Length == 0 ? kind.ToWire() : $"{kind.ToWire()} {target}";

    private async Task<LeverChange> SetInTurnAsync(ChangedBy by, LeverKind kind, string target, string reason, CancellationToken cancellationToken)
    {
        if (_set.TryGetValue((kind, target), out var before))
        {
            return new LeverChange(CommandResult.Refused(RefusalCode.Conflict, LeverText.SetBefore(before)), before);
        }

        var row = new LeverRow
        {
            Id = RunIds.New("lev_", time),
            Kind = kind.ToWire(),
            Target = target,
            Reason = reason,
            SetBy = by.UserId ?? "",
            SetByName = by.Name,
            SetAt = UnixMicroseconds.From(time.GetUtcNow()),
        };
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Levers.Add(row);
        audit.Add(db, by, AuditAction.LeverSet, user: null, Name(kind, target), row.Id, after: reason);
        await db.SaveChangesAsync(cancellationToken);
        var lever = Read(row)!;
        _set = _set.SetItem((kind, target), lever);
        _changed.Set();
        LogSet(kind, target, by.Name);
        return new LeverChange(CommandResult.Done, lever);
    }

    // One change at a time: what is in memory is changed in the order of the commits.
    private async Task<LeverChange> TurnAsync(ChangedBy by, Func<Task<LeverChange>> change, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await people.IsAdminAsync(by, cancellationToken)
                ? await change()
                : LeverChange.Refused(RefusalCode.Denied, LeverText.AdminsOnly);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotSaved(exception);
            return LeverChange.Refused(RefusalCode.StorageUnavailable, RunCommandText.CommandNotSaved);
        }
        finally
        {
            _turn.Release();
        }
    }

    [LoggerMessage(LogLevel.Warning, "Lever {Kind} {Target} was set by {Name}")]
    private partial void LogSet(LeverKind kind, string target, string name);

    [LoggerMessage(LogLevel.Warning, "Lever {Kind} {Target} was undone by {Name}")]
    private partial void LogUndone(LeverKind kind, string target, string name);

    [LoggerMessage(LogLevel.Warning, "A lever was not changed: storage is unavailable")]
    private partial void LogNotSaved(Exception exception);
}
