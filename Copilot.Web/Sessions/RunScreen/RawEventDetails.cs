namespace Copilot.Web.Sessions.RunScreen;

/// <summary>A raw event with all it says.</summary>
/// <param name="Row">Its row.</param>
/// <param name="ResponseId">The upstream response it belongs to, or null.</param>
/// <param name="CallId">The tool call it belongs to, or null.</param>
/// <param name="Payload">Its JSON as it was recorded, up to <see cref="RawEvents.LongestPayload"/> characters; null when it was erased.</param>
/// <param name="IsCut">True when the payload is longer than that.</param>
public sealed record RawEventDetails(RawEvent Row, string? ResponseId, string? CallId, string? Payload, bool IsCut);
