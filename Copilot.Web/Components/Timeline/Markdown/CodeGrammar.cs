using System.Collections.Frozen;

namespace Copilot.Web.Components.Timeline.Markdown;

/// <summary>What tells the colours of a language apart. Languages of one family share it.</summary>
/// <param name="Keywords">Words of the language.</param>
/// <param name="LineComments">What begins a comment that ends with its line.</param>
/// <param name="BlockComment">What begins and ends a comment of several lines, or null.</param>
/// <param name="Quotes">Characters that begin and end a text.</param>
internal sealed record CodeGrammar(FrozenSet<string> Keywords, string[] LineComments, (string Open, string Close)? BlockComment, string Quotes)
{
    private static readonly CodeGrammar s_c = Of(
        "abstract as async await base bool boolean break byte case catch char class const continue decimal default defer delegate delete do double dyn else enum export extends extern false final finally float fn for foreach from func function get go goto if impl implements import in init int interface internal is let lock long match mod mut namespace new nil null object of operator out override package params private protected pub public readonly record ref return sealed select self set short sizeof static string struct super switch this throw trait true try type typeof uint ulong undefined unsafe use using val var virtual void volatile when where while with yield",
        ["//"], ("/*", "*/"), "\"'`");

    private static readonly CodeGrammar s_hash = Of(
        "False None True alias and as assert async await begin break case class continue def del do done elif else elsif end ensure esac except exit export false fi finally for from function global if import in is lambda local module nil not null or pass raise rescue return self set shift source then true try unless until when while with yield echo cd sudo",
        ["#"], null, "\"'`");

    private static readonly CodeGrammar s_sql = Of(
        "add all alter and as asc begin between by case cast check column commit constraint create cross database default delete desc distinct drop else end exists explain foreign from full group having if in index inner insert into is join key left like limit not null offset on or order outer over partition primary references returning right rollback select set table then transaction union unique update using values view when where with",
        ["--"], ("/*", "*/"), "'\"");

    private static readonly CodeGrammar s_json = Of("true false null", ["//"], null, "\"");

    private static readonly CodeGrammar s_markup = Of("", [], ("<!--", "-->"), "\"");

    private static readonly CodeGrammar s_css = Of("important", [], ("/*", "*/"), "\"'");

    /// <summary>True for a language whose keywords may be written in either case.</summary>
    public bool IgnoresCase => ReferenceEquals(this, s_sql);

    /// <summary>True where a text before a colon is a name.</summary>
    public bool HasKeys => ReferenceEquals(this, s_json);

    /// <summary>True where a word behind an angle bracket is a name.</summary>
    public bool HasTags => ReferenceEquals(this, s_markup);

    /// <summary>The grammar of a language by the name that a fence gives; null for one that is shown without colours.</summary>
    public static CodeGrammar? Find(string language) => language.ToLowerInvariant() switch
    {
        "c" or "cpp" or "c++" or "h" or "cs" or "csharp" or "c#" or "java" or "js" or "javascript" or "jsx" or "ts" or "typescript" or "tsx" or "go" or "golang" or "rust" or "rs"
            or "kotlin" or "kt" or "swift" or "scala" or "php" or "dart" or "fsharp" or "f#" or "razor" or "proto" => s_c,
        "py" or "python" or "rb" or "ruby" or "sh" or "bash" or "shell" or "zsh" or "console" or "ps1" or "powershell" or "yaml" or "yml" or "toml" or "ini" or "dockerfile" or "makefile"
            or "r" or "perl" or "elixir" => s_hash,
        "sql" or "sqlite" or "postgresql" or "mysql" or "tsql" => s_sql,
        "json" or "jsonc" or "json5" or "jsonl" => s_json,
        "html" or "xml" or "svg" or "xhtml" or "xaml" or "vue" => s_markup,
        "css" or "scss" or "less" => s_css,
        _ => null,
    };

    private static CodeGrammar Of(string keywords, string[] lineComments, (string Open, string Close)? blockComment, string quotes) =>
        new(keywords.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(), lineComments, blockComment, quotes);
}
