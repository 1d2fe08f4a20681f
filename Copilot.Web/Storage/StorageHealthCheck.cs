using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Copilot.Web.Storage;

/// <summary>Ready when the database answers and has the schema this program was built with.</summary>
internal sealed class StorageHealthCheck(IDbContextFactory<CopilotDbContext> contexts) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var pending = await db.Database.GetPendingMigrationsAsync(cancellationToken);
            return pending.Any()
                ? HealthCheckResult.Unhealthy("The database has not been brought up to date.")
                : HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (StorageFailure.Explain(exception) is { } unavailable)
        {
            return HealthCheckResult.Unhealthy(unavailable.Message, exception);
        }
    }
}
