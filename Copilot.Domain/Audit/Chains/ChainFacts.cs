namespace Copilot.Domain.Audit.Chains;

/// <summary>What is known of a chain beside its rows.</summary>
/// <param name="Chain">Its id.</param>
/// <param name="Head">The newest row, as stored beside the chain; null where nothing says it.</param>
/// <param name="MayBeErased">Whether a deletion record says that its content was removed.</param>
/// <param name="Points">What checkpoints say, by place.</param>
public sealed record ChainFacts(string Chain, long? Head, bool MayBeErased, IReadOnlyList<SealedPoint> Points);
