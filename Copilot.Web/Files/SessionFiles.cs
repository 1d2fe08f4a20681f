using Copilot.Domain.Forgetting;

namespace Copilot.Web.Files;

/// <summary>The files of a conversation that is forgotten.</summary>
internal sealed class SessionFiles(FileStore files) : ISessionRemains
{
    /// <inheritdoc/>
    public Task ForgetAsync(string sessionId, CancellationToken cancellationToken) => files.ForgetSessionAsync(sessionId, cancellationToken);
}
