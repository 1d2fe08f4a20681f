using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Sessions;

/// <summary>The names that people show to others. What is shown with them has been checked already.</summary>
internal sealed class PersonNames(IDbContextFactory<CopilotDbContext> contexts)
{
    /// <summary>The name of a person, or null for somebody who is not there any more.</summary>
    public async Task<string?> FindAsync(string userId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Users.AsNoTracking().Where(user => user.Id == userId).Select(user => user.DisplayName).FirstOrDefaultAsync(cancellationToken);
    }
}
