using Copilot.Domain.Erasure;

namespace Copilot.Web.Files;

/// <summary>The files of a conversation that is forgotten.</summary>
internal sealed class SessionFiles(FileStore files) : ISessionEraser
{
    /// <inheritdoc/>
    public Task EraseAsync(string sessionId, CancellationToken cancellationToken) => files.EraseSessionAsync(sessionId, cancellationToken);
}
