namespace Copilot.Web.Runs;

/// <summary>A client's key for one request.</summary>
/// <param name="ApiKeyId">Whose key it is.</param>
/// <param name="Key">The key as it was sent.</param>
/// <param name="Body">The request's body as it came: the same key with another body is refused.</param>
internal sealed record IdempotencyKey(string ApiKeyId, string Key, ReadOnlyMemory<byte> Body);
