using System.Collections.Immutable;
using Copilot.Domain.Concurrency;
using Copilot.Domain.Erasure;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Identity;
using Copilot.Web.Runs;
using Copilot.Web.Storage.Supervision;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Supervision.Help;

/// <summary>
/// Requests for a person's help in a run: made by its owner or its agent, accepted by one supervisor, closed by either. The table is the
/// truth; the open requests are also in memory, so that lists and pages ask for nothing. <see cref="IRunAccess"/> is asked at every call.
/// Those of a conversation whose content is deleted are closed, and nothing is left of why they were made.
/// </summary>
internal sealed partial class HelpRequests(
    IDbContextFactory<CopilotDbContext> contexts, IRunEventStore runs, IRunAccess access, PersonStore people, TimeProvider time, ILogger<HelpRequests> logger)
    : ISessionEraser, IDisposable
{
    /// <summary>Longest reason, in UTF-16 units.</summary>
    public const int MaxReasonLength = 500;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly AsyncSignal _changed = new();
    private volatile ImmutableDictionary<string, HelpRequest> _open = ImmutableDictionary<string, HelpRequest>.Empty;

    /// <summary>Completes at the next change of any request. Take it before reading.</summary>
    public Task Changed => _changed.Next;

    /// <summary>The open requests, by run.</summary>
    public IReadOnlyDictionary<string, HelpRequest> Open => _open;

    /// <summary>The open request of a run, or null.</summary>
    public HelpRequest? Find(string runId) => _open.GetValueOrDefault(runId);

    /// <summary>The open requests of a conversation, oldest first.</summary>
    public IReadOnlyList<HelpRequest> OfSession(string sessionId) =>
        [.. _open.Values.Where(request => request.SessionId == sessionId).OrderBy(request => request.RequestedAt)];

    /// <summary>Those that nobody has accepted, of a team or of all.</summary>
    /// <param name="teamId">The team; null for all.</param>
    public int CountWaiting(string? teamId) => _open.Values.Count(request => request.Helper is null && (teamId is null || request.Owner.TeamId == teamId));

    /// <summary>Reads the open requests; once, before anything else.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.HelpRequests.AsNoTracking().Where(row => row.ClosedAt == null).ToListAsync(cancellationToken);
        var names = await NamesAsync(db, rows, cancellationToken);
        _open = rows.ToImmutableDictionary(row => row.RunId, row => Request(row, names));
        _changed.Set();
    }

    /// <summary>Asks for help in a run. One request is open at a time; asked again, the first one counts.</summary>
    /// <param name="userId">Who asks: the run's owner, or who may write in their name.</param>
    /// <param name="runId">The run.</param>
    /// <param name="reason">What for, 1 to <see cref="MaxReasonLength"/> characters.</param>
    /// <param name="callId">The call of the agent's tool; null when a person asks. The same call makes one request.</param>
    /// <param name="cancellationToken">Stops it before the commit.</param>
    public Task<CommandResult> RequestAsync(string userId, string runId, string reason, string? callId, CancellationToken cancellationToken)
    {
        reason = reason.Trim();
        return reason.Length switch
        {
            0 => Task.FromResult(CommandResult.Refused(RefusalCode.Invalid, HelpRequestsText.ReasonMissing, "reason")),
            > MaxReasonLength => Task.FromResult(
                CommandResult.Refused(RefusalCode.Invalid, HelpRequestsText.ReasonTooLong(reason.Length, MaxReasonLength), "reason")),
            _ => TurnAsync(() => RequestInTurnAsync(userId, runId, reason, callId, cancellationToken), cancellationToken),
        };
    }

    /// <summary>Takes a request on. The first one counts; who comes later learns who that was.</summary>
    public Task<CommandResult> AcceptAsync(string userId, string requestId, CancellationToken cancellationToken) => TurnAsync(
        async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            if (await FindForSupervisorAsync(db, userId, requestId, cancellationToken) is not { } row)
            {
                return CommandResult.Refused(RefusalCode.NotFound, HelpRequestsText.Gone);
            }

            if (row.ClosedAt is not null)
            {
                return CommandResult.Refused(RefusalCode.Conflict, HelpRequestsText.Closed);
            }

            if (row.UserId == userId)
            {
                return CommandResult.Refused(RefusalCode.NeedsOther, HelpRequestsText.OwnRequest);
            }

            if (row.AcceptedBy is { } first)
            {
                return first == userId
                    ? CommandResult.Done
                    : CommandResult.Refused(RefusalCode.Conflict, HelpRequestsText.AcceptedBy(await NameAsync(first, cancellationToken)));
            }

            (row.AcceptedBy, row.AcceptedAt) = (userId, UnixMicroseconds.From(time.GetUtcNow()));
            await CommitAsync(db, row, cancellationToken);
            LogAccepted(requestId, row.RunId, userId, (row.AcceptedAt.Value - row.RequestedAt) / 1_000_000.0);
            return CommandResult.Done;
        },
        cancellationToken);

    /// <summary>Closes a request: the owner of its run, or a supervisor. Closed again, nothing happens.</summary>
    public Task<CommandResult> CloseAsync(string userId, string requestId, CancellationToken cancellationToken) => TurnAsync(
        async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var row = await db.HelpRequests.SingleOrDefaultAsync(one => one.Id == requestId, cancellationToken);
            if (row is null || await access.TryAcquireAsync(userId, Owner(row), RunAction.Control, cancellationToken) is null)
            {
                return CommandResult.Refused(RefusalCode.NotFound, HelpRequestsText.Gone);
            }

            if (row.ClosedAt is null)
            {
                (row.ClosedBy, row.ClosedAt) = (userId, UnixMicroseconds.From(time.GetUtcNow()));
                await CommitAsync(db, row, cancellationToken);
            }

            return CommandResult.Done;
        },
        cancellationToken);

    /// <summary>The requests that a supervisor sees; null for who is none.</summary>
    /// <param name="userId">Who looks.</param>
    /// <param name="closed">How many of the closed ones.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<HelpInbox?> ReadInboxAsync(string userId, int closed, CancellationToken cancellationToken)
    {
        if (await people.FindAsync(userId, cancellationToken) is not { IsLocked: false, Role: Roles.Supervisor or Roles.Admin } person)
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var seen = db.HelpRequests.AsNoTracking().Where(row => person.Role == Roles.Admin || row.TeamId == person.TeamId);
        var rows = await seen.Where(row => row.ClosedAt == null).OrderBy(row => row.RequestedAt).ToListAsync(cancellationToken);
        var past = await seen.Where(row => row.ClosedAt != null).OrderByDescending(row => row.ClosedAt).Take(closed).ToListAsync(cancellationToken);
        var names = await NamesAsync(db, [.. rows, .. past], cancellationToken);
        var sessions = rows.Concat(past).Select(row => row.SessionId).Distinct().ToArray();
        var titles = await db.Sessions.AsNoTracking()
            .Where(session => sessions.Contains(session.Id))
            .ToDictionaryAsync(session => session.Id, session => session.Title, cancellationToken);
        return new HelpInbox([.. rows.Select(Entry)], [.. past.Select(Entry)]);

        HelpEntry Entry(HelpRequestRow row) => new(
            Request(row, names), names.GetValueOrDefault(row.UserId) ?? HelpRequestsText.Somebody, titles.GetValueOrDefault(row.SessionId) ?? "", row.Reason);
    }

    /// <inheritdoc/>
    public async Task EraseAsync(string sessionId, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var now = UnixMicroseconds.From(time.GetUtcNow());
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await db.WriteAsync(
                async token =>
                {
                    var all = db.HelpRequests.Where(row => row.SessionId == sessionId);
                    await all.Where(row => row.ClosedAt == null).ExecuteUpdateAsync(set => set.SetProperty(row => row.ClosedAt, now), token);
                    return await all.Where(row => row.Reason != "").ExecuteUpdateAsync(set => set.SetProperty(row => row.Reason, ""), token);
                },
                cancellationToken);
            var left = _open.RemoveRange(OfSession(sessionId).Select(request => request.RunId));
            if (left.Count < _open.Count)
            {
                _open = left;
                _changed.Set();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private static RunOwner Owner(HelpRequestRow row) => new(row.UserId, row.TeamId);

    private static HelpRequest Request(HelpRequestRow row, IReadOnlyDictionary<string, string> names) => new()
    {
        Id = row.Id,
        RunId = row.RunId,
        SessionId = row.SessionId,
        Owner = Owner(row),
        IsByAgent = row.CallId is not null,
        RequestedAt = UnixMicroseconds.ToTime(row.RequestedAt),
        Helper = row.AcceptedBy is { } helper ? new HelpPerson(helper, names.GetValueOrDefault(helper) ?? HelpRequestsText.Somebody) : null,
        AcceptedAt = Time(row.AcceptedAt),
        ClosedAt = Time(row.ClosedAt),
    };

    private static DateTimeOffset? Time(long? microseconds) => microseconds is { } at ? UnixMicroseconds.ToTime(at) : null;

    private static async Task<Dictionary<string, string>> NamesAsync(
        CopilotDbContext db, IReadOnlyList<HelpRequestRow> rows, CancellationToken cancellationToken)
    {
        var ids = rows.SelectMany(row => (string?[])[row.UserId, row.AcceptedBy]).OfType<string>().Distinct().ToArray();
        return await db.Users.AsNoTracking().Where(user => ids.Contains(user.Id)).ToDictionaryAsync(user => user.Id, user => user.DisplayName, cancellationToken);
    }

    private async Task<CommandResult> RequestInTurnAsync(string userId, string runId, string reason, string? callId, CancellationToken cancellationToken)
    {
        if (await runs.FindAsync(runId, cancellationToken) is not { ForgottenAt: null } run)
        {
            return CommandResult.Refused(RefusalCode.NotFound, RunCommandText.RunGone);
        }

        if (await access.TryAcquireAsync(userId, new RunOwner(run.UserId, run.TeamId), RunAction.Write, cancellationToken) is null)
        {
            return CommandResult.Refused(RefusalCode.Denied, HelpRequestsText.AskDenied);
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (_open.ContainsKey(runId)
            || (callId is not null && await db.HelpRequests.AnyAsync(row => row.RunId == runId && row.CallId == callId, cancellationToken)))
        {
            return CommandResult.Done;
        }

        var row = Row(userId, run, reason, callId);
        db.HelpRequests.Add(row);
        await CommitAsync(db, row, cancellationToken);
        return CommandResult.Done;
    }

    private HelpRequestRow Row(string userId, RunSummary run, string reason, string? callId) => new()
    {
        Id = RunIds.New("help_", time),
        RunId = run.RunId,
        SessionId = run.SessionId,
        UserId = run.UserId,
        TeamId = run.TeamId,
        Reason = reason,
        CallId = callId,
        RequestedBy = userId,
        RequestedAt = UnixMicroseconds.From(time.GetUtcNow()),
    };

    // Who is no supervisor of this team is answered as if there were no such request.
    private async Task<HelpRequestRow?> FindForSupervisorAsync(
        CopilotDbContext db, string userId, string requestId, CancellationToken cancellationToken) =>
        await db.HelpRequests.SingleOrDefaultAsync(one => one.Id == requestId, cancellationToken) is { } row
            && await access.TryAcquireAsync(userId, Owner(row), RunAction.Control, cancellationToken) is { Actor.Role: Roles.Supervisor or Roles.Admin }
                ? row
                : null;

    // What is published needs no more reading: nothing comes between the commit and those who wait for it.
    private async Task CommitAsync(CopilotDbContext db, HelpRequestRow row, CancellationToken cancellationToken)
    {
        var names = await NamesAsync(db, [row], cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        _open = row.ClosedAt is null ? _open.SetItem(row.RunId, Request(row, names)) : _open.Remove(row.RunId);
        _changed.Set();
    }

    private async Task<string> NameAsync(string userId, CancellationToken cancellationToken) =>
        (await people.FindAsync(userId, cancellationToken))?.DisplayName ?? HelpRequestsText.Somebody;

    // One change at a time: what is in memory is changed in the order of the commits.
    private async Task<CommandResult> TurnAsync(Func<Task<CommandResult>> change, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await change();
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotSaved(exception);
            return CommandResult.Refused(RefusalCode.StorageUnavailable, RunCommandText.CommandNotSaved);
        }
        finally
        {
            _turn.Release();
        }
    }

    [LoggerMessage(LogLevel.Information, "Request for help {RequestId} in run {RunId} was accepted by {UserId} after {Seconds} s")]
    private partial void LogAccepted(string requestId, string runId, string userId, double seconds);

    [LoggerMessage(LogLevel.Warning, "A request for help was not saved: storage is unavailable")]
    private partial void LogNotSaved(Exception exception);
}
