namespace Copilot.Web.Storage.Audit;

/// <summary>A head under a checkpoint. Only ever added; the database refuses anything else.</summary>
internal sealed class SealedHeadRow
{
    public required string Chain { get; init; }

    public required long Seq { get; init; }

    /// <summary>One of <c>ChainKind</c>.</summary>
    public required string Kind { get; init; }

    public required byte[] Hash { get; init; }

    public required long Checkpoint { get; init; }
}
