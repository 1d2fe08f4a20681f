namespace Copilot.Domain.Erasure.Records;

/// <summary>Progress of an erasure request.</summary>
/// <param name="Runs">Runs it covers.</param>
/// <param name="RunsErased">Runs whose content is removed here.</param>
/// <param name="Verified">Responses proven to be deleted.</param>
/// <param name="Pending">Responses not yet proven.</param>
/// <param name="Failed">Responses that the upstream could not be made to delete so far.</param>
/// <param name="Unproven">Requests whose response id is unknown.</param>
public readonly record struct ErasureCounts(int Runs, int RunsErased, int Verified, int Pending, int Failed, int Unproven);
