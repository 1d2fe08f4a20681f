namespace Copilot.Domain.Erasure.Records;

/// <summary>An erasure request with all its proof: the deletion record.</summary>
/// <param name="Request">The request and its state.</param>
/// <param name="Runs">What was removed here, run by run.</param>
/// <param name="Responses">What the upstream had generated, response by response.</param>
public sealed record ErasureRecord(
    ErasureRequest Request, IReadOnlyList<ErasedRun> Runs, IReadOnlyList<ErasedResponse> Responses);
