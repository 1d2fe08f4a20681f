namespace Copilot.Web.Runs.Supervising;

/// <summary>What somebody wants to do about a run.</summary>
public sealed record InterventionRequest
{
    /// <summary>What.</summary>
    public required RunVerb Verb { get; init; }

    /// <summary>Made by the client, 1 to 64 letters, digits, '_', '-' or '.': the same id twice acts once.</summary>
    public required string Id { get; init; }

    /// <summary>Why, 1 to <see cref="RunReason.MaxLength"/> UTF-16 units; may be missing where the run is the person's own.</summary>
    public string? Reason { get; init; }

    /// <summary>The newest event that the person had seen; null where that does not matter.</summary>
    public long? ExpectedSeq { get; init; }

    /// <summary>With <see cref="RunVerb.Say"/> and <see cref="RunVerb.Write"/>: the message.</summary>
    public string? Text { get; init; }

    /// <summary>With <see cref="RunVerb.Approve"/>, <see cref="RunVerb.Deny"/> and <see cref="RunVerb.CancelCall"/>: the call. Null for the only one that waits.</summary>
    public string? CallId { get; init; }

    /// <summary>With <see cref="RunVerb.Approve"/>: JSON in place of the model's arguments; null leaves them.</summary>
    public string? EditedArguments { get; init; }

    /// <summary>With <see cref="RunVerb.Resume"/> of an interrupted run: run calls of unknown outcome again.</summary>
    public bool RepeatUnknownTools { get; init; }
}
