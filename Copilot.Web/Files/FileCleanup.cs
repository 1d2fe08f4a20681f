using Copilot.Web.Storage;
using Copilot.Web.Storage.Upkeep;

namespace Copilot.Web.Files;

/// <summary>Removes unused uploads and what a crash left behind.</summary>
internal sealed class FileCleanup(FileStore files) : IHourlyCleanup
{
    /// <inheritdoc/>
    public async Task CleanAsync(CancellationToken cancellationToken)
    {
        await files.RemoveUnusedAsync(cancellationToken);
        await files.RemoveOrphansAsync(cancellationToken);
    }
}
