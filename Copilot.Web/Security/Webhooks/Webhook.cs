namespace Copilot.Web.Security.Webhooks;

/// <summary>Something that is to be sent to another server.</summary>
/// <param name="Url">Where to.</param>
/// <param name="Secret">What it is signed with.</param>
/// <param name="Id">The same for every try, so that the other side can tell a repetition.</param>
/// <param name="Body">JSON.</param>
internal sealed record Webhook(string Url, string Secret, string Id, ReadOnlyMemory<byte> Body);
