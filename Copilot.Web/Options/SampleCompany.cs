namespace Copilot.Web.Options;

/// <summary>Whether the tools of the sample company are registered; pages offer its examples only then.</summary>
/// <param name="IsThere">Decided once, at the start.</param>
internal sealed record SampleCompany(bool IsThere);
