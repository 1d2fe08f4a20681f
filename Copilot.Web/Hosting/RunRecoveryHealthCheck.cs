using Copilot.Domain.Runs.Registry;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Copilot.Web.Hosting;

/// <summary>Says whether unfinished runs are still being recovered. The server takes work meanwhile, so it is healthy either way.</summary>
internal sealed class RunRecoveryHealthCheck(RunRegistry runs) : IHealthCheck
{
    /// <summary>Name of the check.</summary>
    public const string Name = "runs";

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(HealthCheckResult.Healthy(runs.IsRecovering ? "Unfinished runs are being recovered." : null));
}
