namespace Copilot.Web.Storage.Supervision;

/// <summary>A lever that was set in an incident: requests that are not accepted, or a tool that is not called.</summary>
internal sealed class LeverRow
{
    public required string Id { get; init; }

    /// <summary>A <c>LeverKind</c> as the HTTP API names it.</summary>
    public required string Kind { get; init; }

    /// <summary>The agent's id or the tool's name; empty where it is about all.</summary>
    public required string Target { get; init; }

    public required string Reason { get; init; }

    public required string SetBy { get; init; }

    /// <summary>Their name at that time.</summary>
    public required string SetByName { get; init; }

    public required long SetAt { get; init; }

    public string? UndoneBy { get; set; }

    public string? UndoneByName { get; set; }

    public long? UndoneAt { get; set; }
}
