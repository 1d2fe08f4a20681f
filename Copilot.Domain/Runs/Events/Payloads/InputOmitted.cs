namespace Copilot.Domain.Runs.Events.Payloads;

/// <summary>
/// <c>input.omitted</c>, by the agent: the upstream refused a part of the conversation, and from here on it is not sent any more, of what
/// came before the run neither.
/// </summary>
/// <param name="What"><see cref="Items"/> or <see cref="File"/>.</param>
/// <param name="ItemType">The API's type of the input items that are left out; null for a file.</param>
/// <param name="FileId">The file that is left out; null for items.</param>
public sealed record InputOmitted(string? What, string? ItemType, string? FileId) : RunEventPayload
{
    /// <summary>All input items of a type.</summary>
    public const string Items = "items";

    /// <summary>A file that a person attached.</summary>
    public const string File = "file";
}
