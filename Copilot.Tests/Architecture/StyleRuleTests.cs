using System.Text.RegularExpressions;

namespace Copilot.Tests.Architecture;

/// <summary>What the style sheets name in tokens.css, they take from there.</summary>
public sealed class StyleRuleTests
{
    private static readonly StyleRule[] s_rules =
    [
        new("font sizes", @"(?<![-\w])font-size:(?!\s*(?:var\(--text-|inherit|0;))[^;]+;", ".a { font-size: 13px; }"),
        new("font weights", @"(?<![-\w])font-weight:(?!\s*(?:var\(--weight-|inherit))[^;]+;", ".a { font-weight: 600; }"),
        new("fonts in short", @"(?<![-\w])font:(?!\s*(?:inherit|(var\(--weight-\w+\) )?var\(--text-\w+\)[/ ]))[^;]+;", ".a { font: 12px/1.5 serif; }"),
        new("corners", @"border-radius:(?!\s*(?:((var\(--radius[-\w]*\)|50%|0|inherit) ?)+;))[^;]+;", ".a { border-radius: 7px; }"),
        new("gaps", @"(?<![-\w])gap:(?!\s*(?:((var\(--gap-\w+\)|0) ?)+;))[^;]+;", ".a { gap: 9px; }"),
        new("short lines", @"^[^\n]{161,}$", ".a { content: '" + "x".PadRight(160, 'x') + "'; }"),
    ];

    public static TheoryData<string> Names => [.. s_rules.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Styles_OfTheRepository_KeepTheRule(string name)
    {
        var rule = Array.Find(s_rules, candidate => candidate.Name == name)!;
        var files = SourceTree.Files("wwwroot", ".css").Concat(SourceTree.Files("Copilot.Web", ".css"))
            .Where(file => Path.GetFileName(file) != "tokens.css")
            .ToList();

        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(file => rule.Find(File.ReadAllText(file)).Select(found => $"{Path.GetRelativePath(SourceTree.Root, file)}: {found}")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rule_SampleThatBreaksIt_IsFound(string name)
    {
        var rule = Array.Find(s_rules, candidate => candidate.Name == name)!;

        Assert.Single(rule.Find("a { color: var(--text); }\n" + rule.Broken + "\n"));
    }

    /// <param name="Name">What it is about.</param>
    /// <param name="Pattern">What breaks it.</param>
    /// <param name="Broken">A sample that breaks it.</param>
    private sealed record StyleRule(string Name, string Pattern, string Broken)
    {
        public IEnumerable<string> Find(string text) =>
            Regex.Matches(text, Pattern, RegexOptions.Multiline | RegexOptions.CultureInvariant).Select(match => match.Value.Trim());
    }
}
