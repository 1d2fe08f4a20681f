using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Identity;

namespace Copilot.Web.Supervision;

/// <summary>What a supervisor or admin may see of all runs, until it is revoked.</summary>
/// <param name="UserId">Who.</param>
/// <param name="Name">Their name.</param>
/// <param name="Role">Their role now.</param>
/// <param name="TeamId">The team whose runs they see; null for every run.</param>
/// <param name="Revoked">Cancelled when their role, team or lock changes.</param>
internal sealed record SupervisorScope(string UserId, string Name, string Role, string? TeamId, CancellationToken Revoked)
{
    /// <summary>Whether they may see a run: the same rule as <see cref="RunAccess"/>.</summary>
    public bool Holds(RunSummary run) => TeamId is null || run.TeamId == TeamId || run.UserId == UserId;

    /// <summary>The same by whose run it is.</summary>
    public bool Holds(RunOwner owner) => TeamId is null || owner.TeamId == TeamId || owner.UserId == UserId;
}
