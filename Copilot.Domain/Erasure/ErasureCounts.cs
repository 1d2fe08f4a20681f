namespace Copilot.Domain.Erasure;

/// <summary>Numbers of a forgetting.</summary>
/// <param name="Runs">Runs it took on.</param>
/// <param name="RunsErased">Those of which nothing is left here.</param>
/// <param name="Verified">Responses that are proven to be gone.</param>
/// <param name="Pending">Responses still to be proven.</param>
/// <param name="Failed">Responses that the last tries could not make the upstream forget.</param>
/// <param name="Unproven">Requests of which nobody knows the response's id.</param>
public readonly record struct ErasureCounts(int Runs, int RunsErased, int Verified, int Pending, int Failed, int Unproven);
