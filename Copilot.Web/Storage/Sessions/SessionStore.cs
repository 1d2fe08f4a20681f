using System.Linq.Expressions;
using Copilot.Domain.Costs;
using Copilot.Web.Storage.Search;
using Copilot.Web.Storage.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Storage;

namespace Copilot.Web.Storage.Sessions;

/// <summary>
/// Finds, lists, searches, renames and rates conversations. Sessions are created by the append of their first run. Nothing here checks
/// access: callers check <c>IRunAccess</c> first.
/// </summary>
internal sealed class SessionStore(IDbContextFactory<CopilotDbContext> contexts, TimeProvider time)
{
    /// <summary>One session, or null if there is none or it was deleted.</summary>
    public async Task<SessionInfo?> FindAsync(string sessionId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Sessions.AsNoTracking()
            .Where(row => row.Id == sessionId && row.DeletedAt == null)
            .Select(Info(db, userId: null))
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>Whose a session is, also when it was deleted; null if there never was one.</summary>
    public async Task<SessionOwner?> FindOwnerAsync(string sessionId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Sessions.AsNoTracking()
            .Where(row => row.Id == sessionId)
            .Select(row => new SessionOwner(row.UserId, row.TeamId, row.DeletedAt != null))
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>
    /// A person's sessions, the most recently changed first. With a search, those where every search word is the start of a word in the
    /// title, questions or answers, with where they were found; none if the search has no word. Single letters are
    /// looked for in titles only, and only when there is nothing longer: nearly every text has a word that begins with one. Words of
    /// scripts without spaces between words are found inside sentences.
    /// </summary>
    /// <param name="userId">The owner.</param>
    /// <param name="filter">Which of them.</param>
    /// <param name="search">What to look for; null or blank lists all.</param>
    /// <param name="before">Where the last page ended, or null for the first.</param>
    /// <param name="limit">Largest number of sessions to return.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<IReadOnlyList<SessionInfo>> ListAsync(
        string userId, SessionFilter filter, string? search, SessionCursor? before, int limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var sessions = db.Sessions.AsNoTracking().Where(row => row.UserId == userId && row.DeletedAt == null);
        sessions = filter switch
        {
            SessionFilter.Current => sessions.Where(row => row.ArchivedAt == null),
            SessionFilter.Archived => sessions.Where(row => row.ArchivedAt != null),
            SessionFilter.Pinned => sessions.Where(row => row.PinnedAt != null && row.ArchivedAt == null),
            _ => sessions,
        };
        IReadOnlyList<string> words = [];
        IReadOnlyList<SearchTerm> unspaced = [];
        if (!string.IsNullOrWhiteSpace(search))
        {
            unspaced = [.. SearchTerm.Parse(search).Where(term => term.IsUnspaced)];
            words = [.. SessionSearch.Words(search).Where(word => !SearchTerm.Parse(word).Any(term => term.IsUnspaced))];
            if (words.Count == 0 && unspaced.Count == 0)
            {
                return [];
            }

            foreach (var term in unspaced)
            {
                var found = SqliteSessionSearch.Find(db, userId, term);
                var titled = term.Pieces.Aggregate(sessions, (titles, piece) => titles.Where(row => EF.Functions.Like(row.Title, "%" + piece.Text + "%"))).Select(row => row.Id);
                sessions = sessions.Where(row => found.Contains(row.Id) || titled.Contains(row.Id));
            }

            if (unspaced.Count == 0 && words.All(SessionSearch.IsSingle))
            {
                foreach (var pattern in words.Select(SessionSearch.TitlePatterns))
                {
                    sessions = sessions.Where(row =>
                        EF.Functions.Like(row.Title, pattern.Lower) || EF.Functions.Like(row.Title, pattern.LowerLater)
                        || EF.Functions.Like(row.Title, pattern.Upper) || EF.Functions.Like(row.Title, pattern.UpperLater));
                }
            }

            foreach (var word in words.Where(word => !SessionSearch.IsSingle(word)).Select(SessionSearch.Prefix))
            {
                // Word by word, so that one may be in the title and another in an answer.
                var found = db.Database.SqlQuery<string>($"""
                    SELECT session_id AS "Value" FROM search_rows
                    WHERE id IN (SELECT rowid FROM search_texts WHERE search_texts MATCH {word})
                    """);
                sessions = sessions.Where(row => found.Contains(row.Id));
            }
        }

        if (before is not null)
        {
            var updatedAt = UnixMicroseconds.From(before.UpdatedAt);
            sessions = sessions.Where(row => row.UpdatedAt < updatedAt
                || (row.UpdatedAt == updatedAt && row.Id.CompareTo(before.Id) < 0));
        }

        var sorted = filter is SessionFilter.Pinned
            ? sessions.OrderByDescending(row => row.PinnedAt).ThenByDescending(row => row.Id)
            : sessions.OrderByDescending(row => row.UpdatedAt).ThenByDescending(row => row.Id);
        var page = await sorted.Take(limit).Select(Info(db, userId)).ToListAsync(cancellationToken);
        string[] telling = [.. words.Where(word => !SessionSearch.IsSingle(word))];
        IReadOnlyList<SessionInfo> shown = telling.Length == 0 ? page : await SessionSearch.AddSnippetsAsync(db, page, telling, cancellationToken);
        return unspaced.Count == 0 ? shown : await SqliteSessionSearch.AddSnippetsAsync(db, shown, unspaced, cancellationToken);
    }

    /// <summary>The cost of a session: the sum of all its runs on every branch. One total per currency, see <see cref="CostTotal.Of"/>.</summary>
    public async Task<IReadOnlyList<CostTotal>> CostsAsync(string sessionId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var sums = await Costs(db, sessionId).ToListAsync(cancellationToken);
        return CostTotal.Of(sums);
    }

    internal static IQueryable<CostTotal> Costs(CopilotDbContext db, string sessionId) => db.Runs.AsNoTracking()
        .Where(run => run.SessionId == sessionId)
        .GroupBy(run => run.CostCurrency)
        .Select(runs => new CostTotal(runs.Key, runs.Sum(run => run.CostMicros), runs.Sum(run => run.CostGaps)));

    /// <summary>Renames a session in a person's name; the title is shortened for lists. False if there is no such session.</summary>
    /// <exception cref="ArgumentException">The title is empty.</exception>
    public Task<bool> RenameAsync(string sessionId, string title, CancellationToken cancellationToken)
    {
        var shown = SessionTitle.From(title);
        ArgumentException.ThrowIfNullOrEmpty(shown, nameof(title));
        return SetTitleAsync(sessionId, shown, "person", (_, sessions) => sessions, cancellationToken);
    }

    /// <summary>
    /// Gives a session the title that the model has written. False if it has one that somebody gave, or its content was or is being
    /// deleted: nothing may come back that was in it.
    /// </summary>
    public Task<bool> TitleByModelAsync(string sessionId, string title, CancellationToken cancellationToken) =>
        SetTitleAsync(sessionId, title, "model", WithoutTitle, cancellationToken);

    /// <summary>Whether <see cref="TitleByModelAsync"/> would give a session a title.</summary>
    public async Task<bool> NeedsTitleAsync(string sessionId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await WithoutTitle(db, db.Sessions.Where(row => row.Id == sessionId && row.DeletedAt == null)).AnyAsync(cancellationToken);
    }

    /// <summary>Pins a session on top of its owner's list, or unpins it. False if there is no such session.</summary>
    public Task<bool> PinAsync(string sessionId, bool pinned, CancellationToken cancellationToken)
    {
        long? at = pinned ? UnixMicroseconds.From(time.GetUtcNow()) : null;
        return SetAsync(sessionId, set => set.SetProperty(row => row.PinnedAt, at), cancellationToken);
    }

    /// <summary>Takes a session off its owner's list, where search still finds it, or puts it back. False if there is no such session.</summary>
    public Task<bool> ArchiveAsync(string sessionId, bool archived, CancellationToken cancellationToken)
    {
        long? at = archived ? UnixMicroseconds.From(time.GetUtcNow()) : null;
        return SetAsync(sessionId, set => set.SetProperty(row => row.ArchivedAt, at), cancellationToken);
    }

    /// <summary>Saves that a person has seen everything that has happened in a session until now. False when they had before.</summary>
    public async Task<bool> SeeAsync(string sessionId, string userId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(
            token => db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO session_views (user_id, session_id, seen_at)
                SELECT {userId}, id, settled_at FROM sessions WHERE id = {sessionId} AND settled_at IS NOT NULL
                ON CONFLICT (user_id, session_id) DO UPDATE SET seen_at = excluded.seen_at WHERE excluded.seen_at > seen_at
                """,
                token),
            cancellationToken) > 0;
    }

    /// <summary>
    /// True while a session's content is being removed: no run may start in it, because it would build on content that is being deleted.
    /// </summary>
    public async Task<bool> IsBeingErasedAsync(string sessionId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.ErasureRequests.AsNoTracking().AnyAsync(row => row.SessionId == sessionId && row.ErasedAt == null, cancellationToken);
    }

    /// <summary>Makes a run the tip of the branch the chat shows. False if the session has no such run.</summary>
    public async Task<bool> SelectBranchAsync(string sessionId, string runId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(
            token => db.Sessions
                .Where(row => row.Id == sessionId && row.DeletedAt == null)
                .Where(row => db.Runs.Any(run => run.Id == runId && run.SessionId == sessionId))
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.HeadRunId, runId), token),
            cancellationToken) > 0;
    }

    /// <summary>Saves a person's rating of an answer: 1 up, -1 down, 0 removes it. False if there is no such run.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rating is not one of the three.</exception>
    public async Task<bool> RateAsync(string runId, string userId, int rating, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rating, -1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rating, 1);
        var now = UnixMicroseconds.From(time.GetUtcNow());
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(
            async token =>
            {
                if (!await db.Runs.AnyAsync(run => run.Id == runId, token))
                {
                    return false;
                }

                await db.RunRatings.Where(row => row.RunId == runId && row.UserId == userId).ExecuteDeleteAsync(token);
                if (rating != 0)
                {
                    db.RunRatings.Add(new RunRatingRow { RunId = runId, UserId = userId, Rating = rating, At = now });
                    await db.SaveChangesAsync(token);
                }

                return true;
            },
            cancellationToken);
    }

    /// <summary>A person's ratings of the runs of one session: run id to 1 or -1; runs without a rating are left out.</summary>
    public async Task<IReadOnlyDictionary<string, int>> RatingsAsync(
        string sessionId, string userId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.RunRatings.AsNoTracking()
            .Where(row => row.UserId == userId && db.Runs.Any(run => run.Id == row.RunId && run.SessionId == sessionId))
            .ToDictionaryAsync(row => row.RunId, row => row.Rating, cancellationToken);
    }

    private static Expression<Func<SessionRow, SessionInfo>> Info(CopilotDbContext db, string? userId) => row => new SessionInfo(
        row.Id,
        row.UserId,
        row.TeamId,
        row.Title,
        row.HeadRunId,
        UnixMicroseconds.ToTime(row.CreatedAt),
        UnixMicroseconds.ToTime(row.UpdatedAt))
    {
        IsPinned = row.PinnedAt != null,
        IsArchived = row.ArchivedAt != null,
        HasFailed = row.Outcome == "failed",
        IsInterrupted = row.Outcome == "interrupted",
        IsUnread = userId != null && row.SettledAt != null && row.Outcome != null
            && !db.SessionViews.Any(view => view.UserId == userId && view.SessionId == row.Id && view.SeenAt >= row.SettledAt),
        IsErased = db.ErasureRequests.Any(request => request.SessionId == row.Id && request.ErasedAt != null)
            && !db.Runs.Any(run => run.SessionId == row.Id && run.ForgottenAt == null),
    };

    private static IQueryable<SessionRow> WithoutTitle(CopilotDbContext db, IQueryable<SessionRow> sessions) =>
        sessions.Where(row => row.TitledBy == null && !db.ErasureRequests.Any(request => request.SessionId == row.Id));

    private async Task<bool> SetTitleAsync(
        string sessionId, string title, string by, Func<CopilotDbContext, IQueryable<SessionRow>, IQueryable<SessionRow>> which, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(
            async token =>
            {
                var changed = await which(db, db.Sessions.Where(row => row.Id == sessionId && row.DeletedAt == null))
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.Title, title).SetProperty(row => row.TitledBy, by), token);
                if (changed == 0)
                {
                    return false;
                }

                SessionSearch.Index(
                    db.Database.GetDbConnection(),
                    db.Database.CurrentTransaction!.GetDbTransaction(),
                    sessionId,
                    SessionSearch.TitleRow,
                    title);
                return true;
            },
            cancellationToken);
    }

    private async Task<bool> SetAsync(string sessionId, Action<UpdateSettersBuilder<SessionRow>> set, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(
            token => db.Sessions.Where(row => row.Id == sessionId && row.DeletedAt == null).ExecuteUpdateAsync(set, token),
            cancellationToken) > 0;
    }
}
