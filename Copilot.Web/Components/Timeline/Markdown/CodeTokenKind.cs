namespace Copilot.Web.Components.Timeline.Markdown;

/// <summary>What a piece of code is, as far as its colour goes.</summary>
internal enum CodeTokenKind
{
    /// <summary>Anything else.</summary>
    Plain,

    /// <summary>A word of the language.</summary>
    Keyword,

    /// <summary>A text in quotes.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A comment.</summary>
    Comment,

    /// <summary>A name that stands for something: a key of JSON, a tag, a variable of a shell.</summary>
    Name,
}
