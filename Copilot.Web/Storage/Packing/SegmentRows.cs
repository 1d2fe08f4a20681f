namespace Copilot.Web.Storage.Packing;

// What packed runs are made of, as the database has it; column names follow the properties.

/// <summary>Many events of one run that has ended, without a hole between them, in place of a row for each.</summary>
internal sealed class RunSegmentRow
{
    public required string RunId { get; init; }

    public required long FirstSeq { get; init; }

    public required long LastSeq { get; init; }

    /// <summary>Hash of the event before the first.</summary>
    public required byte[] PreviousHash { get; init; }

    /// <summary>Hash of the last event.</summary>
    public required byte[] LastHash { get; init; }

    /// <summary>What <see cref="SegmentWriter"/> wrote.</summary>
    public required byte[] Content { get; set; }

    /// <summary>True when payloads and salts were removed.</summary>
    public bool Erased { get; set; }
}

/// <summary>A <c>SaltKey</c> of a run. A run has one for each time that it was started or resumed.</summary>
internal sealed class RunSaltRow
{
    public required string RunId { get; init; }

    /// <summary>The first event whose salt is derived from it.</summary>
    public required long FromSeq { get; init; }

    public required byte[] Key { get; init; }
}
