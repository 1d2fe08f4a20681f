using Copilot.Domain.Runs.Events;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Identity.Administration;

/// <summary>A team: its supervisors see the runs that its people start.</summary>
/// <param name="Id">Team id (<c>team_…</c>).</param>
/// <param name="Name">Its name.</param>
public sealed record Team(string Id, string Name);

/// <summary>The teams. A person is in one of them; a new one is made by putting somebody into it.</summary>
internal sealed class Teams(IDbContextFactory<CopilotDbContext> contexts, TimeProvider time)
{
    /// <summary>All teams by name.</summary>
    public async Task<IReadOnlyList<Team>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Teams.AsNoTracking().ToListAsync(cancellationToken);
        return [.. rows.Select(row => new Team(row.Id, row.Name)).OrderBy(team => team.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The team with this name, in whatever case it is written; null when there is none.</summary>
    public async Task<Team?> FindAsync(string name, CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).FirstOrDefault(team => team.Name.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase));

    /// <summary>The team with this name, in what a context will save: one that is there, or a new one.</summary>
    /// <returns>Null when the name cannot be used.</returns>
    internal async Task<TeamRow?> FindOrAddAsync(CopilotDbContext db, string name, CancellationToken cancellationToken)
    {
        if (VisibleName.Clean(name) is not { } clean)
        {
            return null;
        }

        var rows = await db.Teams.ToListAsync(cancellationToken);
        if (rows.Find(row => row.Name.Equals(clean, StringComparison.OrdinalIgnoreCase)) is { } known)
        {
            return known;
        }

        var added = new TeamRow { Id = RunIds.New("team_", time), Name = clean };
        db.Teams.Add(added);
        return added;
    }
}
