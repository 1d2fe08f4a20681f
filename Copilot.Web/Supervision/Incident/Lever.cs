namespace Copilot.Web.Supervision.Incident;

/// <summary>A lever that is set, or was.</summary>
public sealed record Lever
{
    /// <summary>Its id (<c>lev_…</c>).</summary>
    public required string Id { get; init; }

    /// <summary>What it does.</summary>
    public required LeverKind Kind { get; init; }

    /// <summary>The agent's id or the tool's name; empty where it is about all.</summary>
    public required string Target { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Name of who set it, at that time.</summary>
    public required string SetBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset SetAt { get; init; }

    /// <summary>Name of who undid it, at that time; null while it is set.</summary>
    public string? UndoneBy { get; init; }

    /// <summary>When it was undone, or null.</summary>
    public DateTimeOffset? UndoneAt { get; init; }
}
