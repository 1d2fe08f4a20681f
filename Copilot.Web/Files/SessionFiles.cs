using Copilot.Domain.Erasure;

namespace Copilot.Web.Files;

/// <summary>Erases the files of a conversation.</summary>
internal sealed class SessionFiles(FileStore files) : ISessionEraser
{
    /// <inheritdoc/>
    public Task EraseAsync(string sessionId, CancellationToken cancellationToken) => files.EraseSessionAsync(sessionId, cancellationToken);
}
