using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Runs;

/// <summary>Permission that lasts until it is revoked: followers and streams stop when <see cref="Revoked"/> fires.</summary>
/// <param name="Actor">The person and role it was given to, as events record it.</param>
/// <param name="Revoked">Cancelled when roles, team, lock or key of the holder change.</param>
public sealed record AccessLease(EventActor Actor, CancellationToken Revoked);
