using Copilot.Domain.Tools;

namespace Copilot.Demo.Tools.Data;

/// <summary>The sample company's five skills and four areas, with the words people use for them.</summary>
internal static class DemoCompany
{
    private static readonly (string Skill, string[] Words)[] s_skills =
    [
        ("heating", ["heating", "heat", "boiler", "burner", "radiator", "circulation", "thermostat", "gas"]),
        ("cooling", ["cooling", "cool", "chiller", "refrigeration", "refrigerant", "cold", "conditioner", "conditioning", "freezer"]),
        ("ventilation", ["ventilation", "ventilator", "fan", "duct", "air", "filter"]),
        ("water", ["water", "softener", "booster", "plumbing", "plumber", "pipe", "pump", "valve"]),
        ("electrical", ["electrical", "electric", "electrician", "electricity", "generator", "wiring", "power"]),
    ];

    private static readonly (string Area, string[] Cities)[] s_areas =
    [
        ("London", ["London", "Croydon", "Watford"]),
        ("Manchester", ["Manchester", "Stockport", "Bolton"]),
        ("Bristol", ["Bristol", "Bath", "Swindon"]),
        ("Leeds", ["Leeds", "Bradford", "York"]),
    ];

    public static IReadOnlyList<string> Skills { get; } = [.. s_skills.Select(skill => skill.Skill)];

    /// <summary>Every city with its area, areas alternating, so that neighbours in this list are far apart.</summary>
    public static IReadOnlyList<(string City, string Area)> Cities { get; } =
        [.. Enumerable.Range(0, 3).SelectMany(index => s_areas.Select(area => (area.Cities[index], area.Area)))];

    public static IReadOnlyList<string> Areas { get; } = [.. s_areas.Select(area => area.Area)];

    /// <summary>The skill that the text means; null for an empty text.</summary>
    /// <exception cref="ToolException">The text matches no skill.</exception>
    public static string? SkillFor(string? text)
    {
        return Best(text, s_skills) ?? (IsAny(text) ? null : throw new ToolException(
            $"No technician has the skill '{text}'. The skills are {string.Join(", ", Skills)}; null means any."));
    }

    /// <summary>The area that the text means; null for an empty text.</summary>
    /// <exception cref="ToolException">The company does not work there.</exception>
    public static string? AreaFor(string? text)
    {
        return Best(text, s_areas) ?? (IsAny(text) ? null : throw new ToolException(
            $"There is no technician for the area '{text}'. The areas are {string.Join(", ", Areas)}; null means anywhere."));
    }

    private static bool IsAny(string? text)
    {
        return string.IsNullOrWhiteSpace(text) || text.Trim() is "any" or "anywhere" or "all";
    }

    private static string? Best(string? text, IEnumerable<(string Name, string[] Words)> choices)
    {
        var terms = DemoSearch.Words(text ?? string.Empty);
        return choices
            .Select(choice => (choice.Name, Hits: terms.Count(term => DemoSearch.Matches(term, [.. choice.Words.SelectMany(DemoSearch.Words)]))))
            .Where(choice => choice.Hits > 0)
            .OrderByDescending(choice => choice.Hits)
            .Select(choice => choice.Name)
            .FirstOrDefault();
    }
}
