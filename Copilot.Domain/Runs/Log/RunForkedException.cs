namespace Copilot.Domain.Runs.Log;

/// <summary>Another owner has written the run. The one who sees this must stop.</summary>
public sealed class RunForkedException(string runId)
    : Exception($"Run {runId} was continued by another owner.")
{
    /// <summary>The run.</summary>
    public string RunId { get; } = runId;
}
