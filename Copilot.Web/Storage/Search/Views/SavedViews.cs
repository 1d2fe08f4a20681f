using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Storage.Search.Views;

/// <summary>The lists of runs that people have named. Everybody has their own.</summary>
internal sealed class SavedViews(IDbContextFactory<CopilotDbContext> contexts, TimeProvider time)
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxName = 60;

    /// <summary>Most that one person can have.</summary>
    public const int MaxViews = 50;

    private const int MaxQuery = 4_000;

    /// <summary>A person's, by name.</summary>
    public async Task<IReadOnlyList<SavedView>> ReadAsync(string userId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var views = await db.SavedViews.AsNoTracking().Where(row => row.UserId == userId)
            .Select(row => new SavedView(row.Id, row.Name, row.Query)).ToListAsync(cancellationToken);
        return [.. views.OrderBy(view => view.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Saves one under a name; one that has the name already gets the new list. False when there are too many, or a text is too long or empty.</summary>
    public async Task<bool> SaveAsync(string userId, string name, string query, CancellationToken cancellationToken)
    {
        name = name.Trim();
        if (name.Length is 0 or > MaxName || query.Length > MaxQuery)
        {
            return false;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(
            async token =>
            {
                var mine = await db.SavedViews.Where(row => row.UserId == userId).ToListAsync(token);
                if (mine.Find(row => row.Name == name) is { } same)
                {
                    same.Query = query;
                }
                else if (mine.Count >= MaxViews)
                {
                    return false;
                }
                else
                {
                    db.SavedViews.Add(new SavedViewRow
                    {
                        Id = $"viw_{Guid.CreateVersion7():N}",
                        UserId = userId,
                        Name = name,
                        Query = query,
                        CreatedAt = UnixMicroseconds.From(time.GetUtcNow()),
                    });
                }

                await db.SaveChangesAsync(token);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Gives one another name. False when it is not this person's, or the name is taken, empty or too long.</summary>
    public async Task<bool> RenameAsync(string userId, string viewId, string name, CancellationToken cancellationToken)
    {
        name = name.Trim();
        if (name.Length is 0 or > MaxName)
        {
            return false;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(
            async token => !await db.SavedViews.AnyAsync(row => row.UserId == userId && row.Name == name && row.Id != viewId, token)
                && await db.SavedViews.Where(row => row.Id == viewId && row.UserId == userId)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.Name, name), token) > 0,
            cancellationToken);
    }

    /// <summary>Deletes one. False when it is not this person's.</summary>
    public async Task<bool> DeleteAsync(string userId, string viewId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(
            token => db.SavedViews.Where(row => row.Id == viewId && row.UserId == userId).ExecuteDeleteAsync(token), cancellationToken) > 0;
    }
}
