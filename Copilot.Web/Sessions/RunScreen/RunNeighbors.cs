using Copilot.Web.Supervision;

namespace Copilot.Web.Sessions.RunScreen;

/// <summary>The runs before and after one in the order of the live wall.</summary>
internal sealed class RunNeighbors(LiveBoard board, SupervisorAccess access)
{
    /// <summary>The run that many places further on, or null where the wall ends there or the person sees no wall.</summary>
    /// <param name="userId">Who asks.</param>
    /// <param name="runId">The run they look at; one that is not on the wall counts as before its beginning.</param>
    /// <param name="by">How far: -1 for the one before.</param>
    /// <param name="cancellationToken">Stops the looking.</param>
    public async Task<string?> FindAsync(string userId, string runId, int by, CancellationToken cancellationToken)
    {
        if (await access.FindAsync(userId, cancellationToken) is not { } scope)
        {
            return null;
        }

        var order = board.Current.Rows.Where(row => scope.Holds(row.Run)).Select(row => row.RunId).ToList();
        var place = order.IndexOf(runId) + by;
        return place >= 0 && place < order.Count && order[place] != runId ? order[place] : null;
    }
}
