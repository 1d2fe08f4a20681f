using Copilot.Domain.Settings;

namespace Copilot.Web.Audit;

/// <summary>How what is stored is sealed. Bound from <c>Audit</c>.</summary>
internal sealed class AuditOptions
{
    /// <summary>
    /// How often a signed checkpoint is made while something is written; one more is made at shutdown. What was written since the newest
    /// one could be cut off without a trace, so shorter is safer; each costs a small transaction. Default: 1 min.
    /// </summary>
    [Duration]
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromMinutes(1);
}
