using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Soak;

/// <summary>Made in a scope and disposed with it, so that the open ones can be counted.</summary>
internal sealed class ScopeProbe : IDisposable
{
    private readonly OpenCount _scopes;

    public ScopeProbe(OpenCount scopes)
    {
        _scopes = scopes;
        scopes.Begin();
    }

    public void Dispose() => _scopes.End();
}
