namespace Copilot.Domain.Tools;

/// <summary>The language of a <see cref="FreeText.Grammar"/>.</summary>
public enum GrammarSyntax
{
    /// <summary>A Lark grammar.</summary>
    Lark,

    /// <summary>A regular expression (Rust's dialect, as the API wants it).</summary>
    Regex,
}

/// <summary>The input of a custom tool: any text, or text that follows a grammar which the upstream enforces.</summary>
public sealed record FreeText
{
    /// <summary>Any text.</summary>
    public static FreeText Any { get; } = new();

    /// <summary>The grammar, or null for any text. A tool must not rely on it: not every upstream enforces it.</summary>
    public string? Grammar { get; init; }

    /// <summary>The grammar's language.</summary>
    public GrammarSyntax Syntax { get; init; }
}
