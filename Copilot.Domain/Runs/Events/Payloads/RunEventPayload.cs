namespace Copilot.Domain.Runs.Events.Payloads;

/// <summary>
/// What an event of our own says: one record per type, in <c>*Events.cs</c>. The upstream's events are
/// <see cref="Responses.ResponseEvent"/>s.
/// </summary>
/// <remarks>
/// A field may be null in every record: rows from before the field existed have none, and of a deleted payload nothing is left.
/// Writers set all of them but those whose documentation says when they are null. Fields may be added, never changed: old rows are
/// read for ever.
/// </remarks>
public abstract record RunEventPayload;

/// <summary>An event of a type that is not known, or whose payload is no JSON object. Folds pass it over; people see it raw.</summary>
public sealed record UnknownRunEvent : RunEventPayload
{
    /// <summary>The one instance: what it said is in the event's bytes.</summary>
    public static UnknownRunEvent Instance { get; } = new();
}
