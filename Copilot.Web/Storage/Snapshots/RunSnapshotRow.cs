namespace Copilot.Web.Storage.Snapshots;

/// <summary>What the events of a run that has ended were folded to, as the database has it. Column names follow the properties.</summary>
internal sealed class RunSnapshotRow
{
    public required string RunId { get; init; }

    /// <summary>The newest event that was folded.</summary>
    public required long HeadSeq { get; init; }

    /// <summary>The build that folded it; no other reads it.</summary>
    public required string Build { get; init; }

    /// <summary>When it was saved, in microseconds.</summary>
    public required long SavedAt { get; init; }

    /// <summary>Sealed by who saved it.</summary>
    public required byte[] Content { get; init; }
}
