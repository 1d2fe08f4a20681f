using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Audit;
using Copilot.Web.Identity;

namespace Copilot.Web.Api.Runs;

/// <summary>Finds runs for API callers; what they may not see does not exist for them.</summary>
internal sealed class RunLookup(IRunEventStore store, IRunAccess access, AccessChanges changes, RequestReads reads)
{
    /// <summary>The run with a lease for the action, or null. The lease also ends with the API key. That it is read is recorded.</summary>
    public async Task<LeasedRun?> FindAsync(
        ApiCaller caller, string runId, RunAction action, CancellationToken cancellationToken)
    {
        var keyRevoked = changes.TokenFor(caller.KeyId);
        if (await store.FindAsync(runId, cancellationToken) is not { } run)
        {
            return null;
        }

        var owner = new RunOwner(run.UserId, run.TeamId);
        if (await access.TryAcquireAsync(caller.User.Id, owner, action, cancellationToken) is not { } lease)
        {
            return null;
        }

        if (action is RunAction.View)
        {
            await reads.OfRunAsync(caller.User.Id, run, cancellationToken);
        }

        return new LeasedRun(run, lease, keyRevoked);
    }
}

/// <summary>A run that somebody may use through an API key.</summary>
/// <param name="Run">The run as it was found.</param>
/// <param name="Lease">The permission.</param>
/// <param name="KeyRevoked">Cancelled when the key ends.</param>
internal sealed record LeasedRun(RunSummary Run, AccessLease Lease, CancellationToken KeyRevoked);
