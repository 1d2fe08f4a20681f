namespace Copilot.Domain.Runs.Grants;

/// <summary>Standing decisions: calls that a person has allowed, or ruled out, before they are made.</summary>
public interface IApprovalGrants
{
    /// <summary>
    /// The decision that covers a call now, or null; one against it comes first. It is asked for at each call, so one that was revoked counts for none that follows.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Stops the looking; the call then waits for a person.</param>
    Task<ApprovalGrant?> FindAsync(GrantedCall call, CancellationToken cancellationToken);
}
