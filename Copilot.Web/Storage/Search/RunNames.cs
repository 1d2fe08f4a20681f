namespace Copilot.Web.Storage.Search;

/// <summary>Names that runs can be filtered by.</summary>
/// <param name="People">People whose runs they are.</param>
/// <param name="Teams">Their teams.</param>
/// <param name="Agents">Agents.</param>
/// <param name="Tools">Tools that were called.</param>
/// <param name="Errors">Codes of errors.</param>
public sealed record RunNames(
    IReadOnlyList<string> People, IReadOnlyList<string> Teams, IReadOnlyList<string> Agents, IReadOnlyList<string> Tools, IReadOnlyList<string> Errors)
{
    /// <summary>None.</summary>
    public static RunNames None { get; } = new([], [], [], [], []);
}
