namespace Copilot.Domain.Erasure.Retention;

/// <summary>
/// Nothing under it is erased, whoever asks: neither the conversation, nor any of the person. It stays on record after it was lifted.
/// </summary>
public sealed record LegalHold
{
    /// <summary>Longest reason, in characters.</summary>
    public const int MaxReason = 500;

    /// <summary>Id (<c>hld_…</c>).</summary>
    public required string Id { get; init; }

    /// <summary>The conversation, or null for a person's.</summary>
    public string? SessionId { get; init; }

    /// <summary>The person, or null for one conversation.</summary>
    public string? UserId { get; init; }

    /// <summary>Why, in the words of who set it.</summary>
    public required string Reason { get; init; }

    /// <summary>Who set it.</summary>
    public required string SetBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset SetAt { get; init; }

    /// <summary>Who lifted it, or null.</summary>
    public string? LiftedBy { get; init; }

    /// <summary>When it was lifted, or null while it is in force.</summary>
    public DateTimeOffset? LiftedAt { get; init; }
}
