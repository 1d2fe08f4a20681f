namespace Copilot.Domain.Runs.Grants;

/// <summary>Standing permissions: calls that a person has allowed before they are made.</summary>
public interface IApprovalGrants
{
    /// <summary>
    /// The permission that covers a call now, or null. It is asked for at each call, so one that was revoked counts for none that follows.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Stops the looking; the call then waits for a person.</param>
    Task<ApprovalGrant?> FindAsync(GrantedCall call, CancellationToken cancellationToken);
}
