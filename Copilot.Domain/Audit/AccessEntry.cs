namespace Copilot.Domain.Audit;

/// <summary>Somebody saw what is not theirs, or changed what others depend on. Kept for ever, so it has no content of conversations.</summary>
public sealed record AccessEntry
{
    /// <summary>What was done: one of <see cref="AccessActions"/>.</summary>
    public required string Action { get; init; }

    /// <summary>Who did it; null for a command or the program itself.</summary>
    public string? ActorId { get; init; }

    /// <summary>Their name at that time, or the account that ran the command.</summary>
    public required string ActorName { get; init; }

    /// <summary>Their role at that time; null where none was needed.</summary>
    public string? ActorRole { get; init; }

    /// <summary>The API key they used; null on a page.</summary>
    public string? KeyId { get; init; }

    /// <summary>From where: a network address, or the machine of a command.</summary>
    public required string Address { get; init; }

    /// <summary>What it was done to: the id of a run, a session, a file, a person, a key, a lever, or the name of a setting.</summary>
    public string? ObjectId { get; init; }

    /// <summary>Its name at that time, where it has one.</summary>
    public string? ObjectName { get; init; }

    /// <summary>Whose it is; null where it is nobody's.</summary>
    public string? OwnerId { get; init; }

    /// <summary>Why, where that was asked.</summary>
    public string? Reason { get; init; }

    /// <summary>What was there before, where that can be said in a few words.</summary>
    public string? Before { get; init; }

    /// <summary>What is there since, or what exactly was seen or exported.</summary>
    public string? After { get; init; }
}
