namespace Copilot.Web.Supervision.Incident;

/// <summary>What a bulk stop has done so far.</summary>
/// <param name="Stopped">Runs that were stopped.</param>
/// <param name="Ended">Runs that had ended before.</param>
/// <param name="Failed">Runs that could not be stopped: no permission, or storage is unavailable.</param>
public readonly record struct BulkStopResult(int Stopped, int Ended, int Failed)
{
    /// <summary>How many runs are dealt with.</summary>
    public int Count => Stopped + Ended + Failed;
}
