using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Supervision;

/// <summary>Names of people and teams for the board: each is read once and again after some minutes. One thread at a time.</summary>
internal sealed partial class BoardNames(IDbContextFactory<CopilotDbContext> contexts, TimeProvider time, ILogger<BoardNames> logger)
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, string> _people = [];
    private readonly Dictionary<string, string> _teams = [];
    private DateTimeOffset _readAt;

    /// <summary>Name of a person; the id where it is not known.</summary>
    public string Person(string userId) => _people.GetValueOrDefault(userId, userId);

    /// <summary>Name of a team; the id where it is not known.</summary>
    public string Team(string teamId) => _teams.GetValueOrDefault(teamId, teamId);

    /// <summary>Reads the names that are not known yet. When storage is away they stay unknown until the next call.</summary>
    public async Task LearnAsync(IEnumerable<(string UserId, string TeamId)> owners, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now - _readAt > s_lifetime)
        {
            _people.Clear();
            _teams.Clear();
            _readAt = now;
        }

        List<(string UserId, string TeamId)> all = [.. owners];
        var people = all.Select(owner => owner.UserId).Where(id => !_people.ContainsKey(id)).Distinct().ToList();
        var teams = all.Select(owner => owner.TeamId).Where(id => !_teams.ContainsKey(id)).Distinct().ToList();
        if (people.Count == 0 && teams.Count == 0)
        {
            return;
        }

        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            foreach (var user in await db.Users.AsNoTracking().Where(user => people.Contains(user.Id)).Select(user => new { user.Id, user.DisplayName }).ToListAsync(cancellationToken))
            {
                _people[user.Id] = user.DisplayName;
            }

            foreach (var team in await db.Teams.AsNoTracking().Where(team => teams.Contains(team.Id)).ToListAsync(cancellationToken))
            {
                _teams[team.Id] = team.Name;
            }

            // Who is not there any more is not looked for again and again.
            people.ForEach(id => _people.TryAdd(id, id));
            teams.ForEach(id => _teams.TryAdd(id, id));
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogUnknown(exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Names of people could not be read: storage is unavailable")]
    private partial void LogUnknown(Exception exception);
}
