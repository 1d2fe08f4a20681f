using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Copilot.Web.Storage;

/// <summary>Gives <c>dotnet ef</c> a context without starting the application.</summary>
internal sealed class DesignTimeContextFactory : IDesignTimeDbContextFactory<CopilotDbContext>
{
    /// <inheritdoc/>
    public CopilotDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<CopilotDbContext>().UseSqlite("Data Source=:memory:").Options, new WriteLock());
}
