namespace Copilot.Domain.Runs.Grants;

/// <summary>Nobody has allowed anything before it is asked for.</summary>
internal sealed class NoApprovalGrants : IApprovalGrants
{
    public Task<ApprovalGrant?> FindAsync(GrantedCall call, CancellationToken cancellationToken) => Task.FromResult<ApprovalGrant?>(null);
}
