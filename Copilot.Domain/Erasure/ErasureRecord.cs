namespace Copilot.Domain.Erasure;

/// <summary>A forgetting with all its proof.</summary>
/// <param name="Forgetting">What was asked for and how far it is.</param>
/// <param name="Runs">What was removed here, run by run.</param>
/// <param name="Responses">What the upstream had made, response by response.</param>
public sealed record ErasureRecord(
    ErasureRequest Forgetting, IReadOnlyList<ErasedRun> Runs, IReadOnlyList<ErasedResponse> Responses);
