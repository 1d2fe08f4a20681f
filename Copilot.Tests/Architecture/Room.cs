namespace Copilot.Tests.Architecture;

/// <summary>A namespace with what it may touch. Names are namespaces or types; a namespace stands for all below it.</summary>
/// <param name="Namespace">The room.</param>
/// <param name="May">All it may use beside itself; null for anything that is not in <paramref name="Never"/>.</param>
/// <param name="Never">What it must not use although <paramref name="May"/> allows it.</param>
/// <param name="But">Exceptions from <paramref name="Never"/>.</param>
internal sealed record Room(string Namespace, IReadOnlyList<string>? May, IReadOnlyList<string> Never, IReadOnlyList<string> But)
{
    /// <summary>True for a type of this room. What Razor generates beside a component belongs to the component's room.</summary>
    public bool Holds(string type) =>
        IsIn(type.StartsWith(Generated, StringComparison.Ordinal) ? type[Generated.Length..] : type, Namespace);

    /// <summary>The uses that break this room's rules, one readable line each.</summary>
    public IReadOnlyList<string> Check(IEnumerable<TypeUse> uses) =>
        [.. uses
            .Where(use => Holds(use.From) && !Holds(use.To) && !Allows(use.To))
            .Select(use => $"{use.From} uses {use.To}")
            .Order(StringComparer.Ordinal)];

    /// <summary>True when a name is a namespace or type, or lies below it.</summary>
    public static bool IsIn(string type, string name) =>
        type == name || type.StartsWith(name + ".", StringComparison.Ordinal) || type.StartsWith(name + "`", StringComparison.Ordinal);

    private const string Generated = "__Blazor.";

    private bool Allows(string type) =>
        IsOfCompiler(type)
        || ((May is null || May.Any(name => IsIn(type, name)))
            && (!Never.Any(name => IsIn(type, name)) || But.Any(name => IsIn(type, name))));

    private static bool IsOfCompiler(string type) =>
        type.StartsWith('<') || type.StartsWith("Microsoft.CodeAnalysis.", StringComparison.Ordinal);
}
