using System.Text.Json;

namespace Copilot.Web.Runs.Supervising;

/// <summary>The words of verbs, as the API has them.</summary>
public static class RunVerbWords
{
    private static readonly Dictionary<string, RunVerb> s_verbs = Enum.GetValues<RunVerb>().ToDictionary(ToWire);

    /// <summary>Every word, in the order of the verbs.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. Enum.GetValues<RunVerb>().Select(ToWire)];

    /// <summary>The word of a verb: <c>take_over</c>.</summary>
    public static string ToWire(this RunVerb verb) => JsonNamingPolicy.SnakeCaseLower.ConvertName(verb.ToString());

    /// <summary>The verb of a word, or null.</summary>
    public static RunVerb? Find(string? word) => word is not null && s_verbs.TryGetValue(word, out var verb) ? verb : null;
}
