using Copilot.Web.Identity;
using Copilot.Web.Security;
using Copilot.Web.Identity.Administration;

namespace Copilot.Tests.Shared.Hosts;

/// <summary>Keys as most tests need them: made and used by their owner, for everything, for ever.</summary>
internal static class TestKeys
{
    public static async Task<NewApiKey> CreateAsync(this ApiKeys keys, string userId, string name, CancellationToken cancellationToken)
    {
        var (key, change) = await keys.CreateAsync(Owner(userId), userId, new ApiKeyRequest(name, ApiScopes.All, ExpiresAt: null), cancellationToken);
        Assert.Empty(change.Problems);
        return key!;
    }

    public static async Task<IReadOnlyList<ApiKeyInfo>> ListAsync(this ApiKeys keys, string userId, CancellationToken cancellationToken) =>
        await keys.ListAsync(Owner(userId), userId, cancellationToken) ?? [];

    public static async Task<bool> RevokeAsync(this ApiKeys keys, string userId, string keyId, CancellationToken cancellationToken) =>
        (await keys.RevokeAsync(Owner(userId), keyId, cancellationToken)).Succeeded;

    /// <summary>A person who changes something from their own page.</summary>
    public static ChangedBy Owner(string userId) => new(userId, userId, "127.0.0.1");
}
