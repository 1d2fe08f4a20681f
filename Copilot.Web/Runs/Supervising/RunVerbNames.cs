using System.Text.Json;

namespace Copilot.Web.Runs.Supervising;

/// <summary>The names of verbs, as the API has them.</summary>
public static class RunVerbNames
{
    private static readonly Dictionary<string, RunVerb> s_verbs = Enum.GetValues<RunVerb>().ToDictionary(ToWire);

    /// <summary>Every name, in the order of the verbs.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<RunVerb>().Select(ToWire)];

    /// <summary>The name of a verb: <c>take_over</c>.</summary>
    public static string ToWire(this RunVerb verb) => JsonNamingPolicy.SnakeCaseLower.ConvertName(verb.ToString());

    /// <summary>The verb of a name, or null.</summary>
    public static RunVerb? Find(string? name) => name is not null && s_verbs.TryGetValue(name, out var verb) ? verb : null;
}
