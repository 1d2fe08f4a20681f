namespace Copilot.Web.Storage;

/// <summary>One sign-in of a person in one browser. Its cookie works while the row is there and has no end.</summary>
internal sealed class SignInRow
{
    /// <summary>The id in the cookie (<c>sgn_…</c>).</summary>
    public required string Id { get; init; }

    public required string UserId { get; init; }

    public required long CreatedAt { get; init; }

    /// <summary>When it was used last, to some minutes.</summary>
    public required long LastSeenAt { get; set; }

    /// <summary>The browser's address at the sign-in; null where the connection has none.</summary>
    public string? Address { get; init; }

    /// <summary>What the browser called itself, shortened.</summary>
    public string? Agent { get; init; }

    /// <summary>True when the person asked to stay signed in.</summary>
    public required bool IsKept { get; init; }

    public long? EndedAt { get; set; }

    /// <summary>The user id of whoever ended it.</summary>
    public string? EndedBy { get; set; }
}
