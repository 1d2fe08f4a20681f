using Copilot.Web.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Identity;

/// <summary>Makes sure at start that the three roles are in the database.</summary>
internal sealed class IdentityRoles(IDbContextFactory<CopilotDbContext> contexts, ILookupNormalizer normalizer) : IHostedService
{
    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var present = await db.Roles.Select(role => role.Name!).ToListAsync(cancellationToken);
        var missing = new[] { Roles.Staff, Roles.Supervisor, Roles.Admin }.Except(present).ToList();
        if (missing.Count > 0)
        {
            db.Roles.AddRange(missing.Select(name => new IdentityRole
            {
                Id = "rol_" + name.ToLowerInvariant(),
                Name = name,
                NormalizedName = normalizer.NormalizeName(name),
            }));
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
