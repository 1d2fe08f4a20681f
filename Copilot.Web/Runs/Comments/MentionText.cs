using System.Collections.Immutable;

namespace Copilot.Web.Runs.Comments;

/// <summary>Finds who is mentioned in a text: <c>@</c> and a name as others see it. Of two names that fit the longer one counts.</summary>
internal static class MentionText
{
    private const char Sign = '@';

    /// <summary>The people among some whom a text mentions.</summary>
    public static IReadOnlyList<CommentPerson> Find(string text, IReadOnlyList<CommentPerson> people)
    {
        var names = Split(text, people).Where(part => part.IsMention).Select(part => part.Text[1..]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. people.Where(person => names.Contains(person.Name))];
    }

    /// <summary>A text in parts: what is a mention, and what is not. Together they are the text.</summary>
    public static IReadOnlyList<TextPart> Split(string text, IReadOnlyList<CommentPerson> people)
    {
        var names = people.Select(person => person.Name).Where(name => name.Length > 0).OrderByDescending(name => name.Length).ToList();
        var parts = ImmutableArray.CreateBuilder<TextPart>();
        var from = 0;
        for (var at = text.IndexOf(Sign, StringComparison.Ordinal); at >= 0; at = at + 1 < text.Length ? text.IndexOf(Sign, at + 1) : -1)
        {
            // An address has letters before its sign.
            if ((at > 0 && char.IsLetterOrDigit(text[at - 1])) || names.Find(name => IsAt(text, at + 1, name)) is not { } found)
            {
                continue;
            }

            if (at > from)
            {
                parts.Add(new TextPart(text[from..at], IsMention: false));
            }

            from = at + 1 + found.Length;
            parts.Add(new TextPart(text[at..from], IsMention: true));
            at = from - 1;
        }

        if (from < text.Length)
        {
            parts.Add(new TextPart(text[from..], IsMention: false));
        }

        return parts.ToImmutable();
    }

    private static bool IsAt(string text, int at, string name) =>
        string.Compare(text, at, name, 0, name.Length, StringComparison.OrdinalIgnoreCase) == 0
        && at + name.Length <= text.Length
        && (at + name.Length == text.Length || !char.IsLetterOrDigit(text[at + name.Length]));
}
