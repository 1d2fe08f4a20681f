namespace Copilot.Web.Storage;

// Who is invited, and what was done to people and keys. Ids are lower-case strings, times are UTC microseconds since the Unix epoch.

/// <summary>An invitation; its link works once, until it expires or is withdrawn.</summary>
internal sealed class InvitationRow
{
    public required string Id { get; init; }

    /// <summary>SHA-256 of the link's token; the token itself is shown once and never stored.</summary>
    public required byte[] TokenHash { get; init; }

    public required string DisplayName { get; init; }

    public required string Role { get; init; }

    public required string TeamId { get; init; }

    public required long CreatedAt { get; init; }

    public required long ExpiresAt { get; init; }

    /// <summary>When a person accepted it, or when it was withdrawn. Compared at every write, so that it ends once.</summary>
    public long? EndedAt { get; set; }

    /// <summary>The person who accepted it; null while it is open, and when it was withdrawn.</summary>
    public string? UserId { get; set; }
}

/// <summary>One change to a person, a sign-in, a key or an invitation. Only ever added; the database refuses anything else.</summary>
internal sealed class PeopleAuditRow
{
    public long Id { get; init; }

    public required long At { get; init; }

    /// <summary>One of <c>AuditAction</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The person it was done to; null for an invitation that nobody has accepted.</summary>
    public string? UserId { get; init; }

    /// <summary>Their name at that time.</summary>
    public required string UserName { get; init; }

    /// <summary>The person who did it; null for a command.</summary>
    public string? ActorId { get; init; }

    /// <summary>Their name at that time, or the account of the operating system that ran the command.</summary>
    public required string ActorName { get; init; }

    /// <summary>The network address of the page or program, or the machine of the command.</summary>
    public required string Origin { get; init; }

    /// <summary>The key, sign-in or invitation that it was about.</summary>
    public string? ObjectId { get; init; }

    public string? Before { get; init; }

    public string? After { get; init; }
}
