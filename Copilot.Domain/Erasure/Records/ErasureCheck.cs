namespace Copilot.Domain.Erasure.Records;

/// <summary>One thing that was checked about a deletion.</summary>
/// <param name="Kind">What.</param>
/// <param name="Passed">Whether it is so; null while it cannot be said yet.</param>
public sealed record ErasureCheck(ErasureCheckKind Kind, bool? Passed)
{
    /// <summary>All checks of a deletion, in the order in which they are made.</summary>
    public static IReadOnlyList<ErasureCheck> Of(ErasureRecord record)
    {
        var isErased = record.Request.ErasedAt is not null;
        return
        [
            new(ErasureCheckKind.ChainVerifiedBefore, record.Runs.Count == 0 && !isErased ? null : record.Runs.All(run => run.ChainHeldBefore)),
            new(
                ErasureCheckKind.ContentGone,
                record.Runs.Any(run => run.ChainHoldsAfter is false && run.ChainHeldBefore) ? false
                : isErased && record.Runs.All(run => run.ChainHoldsAfter is not null) ? true
                : null),
            new(ErasureCheckKind.DatabaseFileCleaned, isErased ? true : null),
            new(
                ErasureCheckKind.ProviderConfirmed,
                !isErased ? null
                : record.Responses.Any(response => response.State is ErasureProofState.Failed or ErasureProofState.Unproven) ? false
                : record.Responses.All(response => response.State is ErasureProofState.Verified) ? true
                : null),
        ];
    }
}
