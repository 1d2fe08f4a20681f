namespace Copilot.Domain.Responses.Requests;

/// <summary>Where a content belongs in an item's JSON.</summary>
/// <param name="Offset">Bytes of the JSON before it; inside a string.</param>
/// <param name="Content">The content.</param>
public sealed record InputSlot(int Offset, InputContent Content);
