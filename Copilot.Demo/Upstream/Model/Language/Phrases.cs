using System.Globalization;
using System.Text.RegularExpressions;

namespace Copilot.Demo.Upstream.Model.Language;

/// <summary>
/// Finds what a request is about by the shape of its sentence: whose, which part, how many. Every repetition is bounded,
/// so that a long message costs little more than a short one.
/// </summary>
internal static partial class Phrases
{
    private static readonly HashSet<string> s_notNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "i", "the", "a", "an", "please", "book", "reserve", "find", "show", "list", "look", "add", "check", "can", "could", "do", "does",
        "what", "when", "who", "where", "which", "how", "is", "are", "we", "our", "my", "hello", "hi", "thanks", "and", "then", "also",
        "schedule", "get", "give", "tell", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today",
        "tomorrow", "customer", "technician", "note", "stock", "any", "markdown", "write", "order", "send", "dispatch", "arrange", "put",
        "now", "yes", "no", "ok", "okay", "in", "on", "for", "at", "they", "it", "their", "there", "someone", "need", "make", "read",
        "let", "that", "here", "he", "she", "this", "me", "us", "them", "help", "again",
    };

    private static readonly Dictionary<string, int> s_numbers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["one"] = 1, ["two"] = 2, ["pair"] = 2, ["three"] = 3, ["four"] = 4, ["five"] = 5, ["six"] = 6, ["seven"] = 7, ["eight"] = 8,
        ["nine"] = 9, ["ten"] = 10, ["eleven"] = 11, ["twelve"] = 12, ["dozen"] = 12,
    };

    /// <summary>Whether the text has this word, or a word that begins with it where it ends in a star.</summary>
    public static bool Has(string text, string word)
    {
        var stem = word.EndsWith('*') ? word[..^1] : word;
        for (var at = 0; (at = text.IndexOf(stem, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
        {
            var end = at + stem.Length;
            if ((at == 0 || !IsWordCharacter(text[at - 1]))
                && (stem.Length < word.Length || end == text.Length || !IsWordCharacter(text[end])))
            {
                return true;
            }
        }

        return false;
    }

    public static bool HasAny(string text, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (Has(text, word))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The customer: "Contoso's pump", "for Northwind Traders", "customer Fabrikam", or an id; null when none is named.</summary>
    public static string? Customer(string text)
    {
        if (CustomerId().Match(text) is { Success: true } id)
        {
            return id.Value;
        }

        foreach (var pattern in (Regex[])[QuotedCustomer(), Possessive(), NamedCustomer(), Preposition(), LookUp()])
        {
            foreach (Match match in pattern.Matches(text))
            {
                if (Name(match.Groups["name"].Value) is { } name)
                {
                    return name;
                }
            }
        }

        return Capitalised().Matches(text).Select(match => Name(match.Value)).FirstOrDefault(name => name is not null)
            ?? LowerCase().Matches(text).Select(match => Name(match.Groups["name"].Value)).FirstOrDefault(name => name is not null);
    }

    /// <summary>The things a request is about, in order: "Contoso's cooling pump", "do we have filters and belts in stock".</summary>
    public static IReadOnlyList<string> Parts(string text)
    {
        foreach (var pattern in (Regex[])[OwnedThing(), BrokenThing(), ThingIsBroken(), StockOf(), HaveInStock(), ReservedThing(), ThingInStock()])
        {
            foreach (Match match in pattern.Matches(text))
            {
                var parts = Regex.Split(match.Groups["part"].Value, @"\s*(?:,|\band\b|\bor\b)\s*")
                    .Select(Bare)
                    .Where(part => part.Length > 2)
                    .Distinct(StringComparer.OrdinalIgnoreCase)
                    .ToList();
                if (parts.Count > 0)
                {
                    return parts;
                }
            }
        }

        return [];
    }

    /// <summary>The text of a note: "add a note for Contoso: the gate is locked"; null if there is none.</summary>
    public static string? Note(string text) =>
        NotePattern().Match(text) is { Success: true } match ? match.Groups["note"].Value.Trim() : null;

    /// <summary>How many, where the request says so.</summary>
    public static int? Quantity(string text) =>
        CountPattern().Match(text) is { Success: true } match
            ? int.TryParse(match.Groups["n"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : s_numbers[match.Groups["n"].Value]
            : null;

    private static bool IsWordCharacter(char character) => char.IsLetterOrDigit(character) || character == '_';

    private static string? Name(string candidate)
    {
        var words = candidate.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .SkipWhile(s_notNames.Contains)
            .TakeWhile(word => !s_notNames.Contains(word))
            .ToList();
        return words.Count == 0 ? null : string.Join(' ', words).Trim(',', '.', '?', '!', ':');
    }

    private static string Bare(string phrase)
    {
        var words = phrase.Trim(' ', '.', '?', '!', ',').Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .SkipWhile(word => LeadingWords().IsMatch(word))
            .ToList();
        return TrailingWords().Replace(string.Join(' ', words), string.Empty);
    }

    [GeneratedRegex(@"(?:(?:^|\s+)(?:(?:next|this) (?:week|month)|tomorrow|today|on \w+day|please|asap|in stock|left|now|as well|too|is|are|(?:do )?we (?:still )?have|have we(?: got)?|(?:is|are) there))+\z", RegexOptions.IgnoreCase)]
    private static partial Regex TrailingWords();

    [GeneratedRegex(@"(?:\bnote\b[^:\n]*:\s*|\bnote (?:[\w' ]+ )?that )(?<note>.+)", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex NotePattern();

    [GeneratedRegex(@"\bcus_\w+", RegexOptions.IgnoreCase)]
    private static partial Regex CustomerId();

    [GeneratedRegex(@"\bcustomer “(?<name>[^”]+)”")]
    private static partial Regex QuotedCustomer();

    [GeneratedRegex(@"\b(?<name>[a-z][\w&-]{2,})['’]s\b|\b(?:for|customer|look up) (?<name>[a-z][\w&-]{2,})(?=[.,;:?!]|$)", RegexOptions.Multiline)]
    private static partial Regex LowerCase();

    [GeneratedRegex(@"(?<name>[A-Z][\w&.-]{0,40}(?: [A-Z][\w&.-]{0,40}){0,5})(?:'s|’s|s'|s’)\s")]
    private static partial Regex Possessive();

    [GeneratedRegex(@"\b[Cc](?:ustomer|lient|ompany)(?: named| called)? (?<name>[A-Z][\w&.-]{0,40}(?: [A-Z&][\w&.-]{0,40}){0,5})")]
    private static partial Regex NamedCustomer();

    [GeneratedRegex(@"\b(?:for|at|of|to|about|with|from) (?<name>[A-Z][\w&.-]{0,40}(?: [A-Z&][\w&.-]{0,40}){0,5})")]
    private static partial Regex Preposition();

    [GeneratedRegex(@"\b[Ll]ook up (?<name>[A-Z][\w&.-]{0,40}(?: [A-Z&][\w&.-]{0,40}){0,5})")]
    private static partial Regex LookUp();

    [GeneratedRegex(@"(?<=\s)[A-Z][\w&.-]{0,40}(?: [A-Z][\w&.-]{0,40}){0,5}|^[A-Z][\w&.-]{0,40}(?: [A-Z][\w&.-]{0,40}){0,5}")]
    private static partial Regex Capitalised();

    [GeneratedRegex(@"(?<!\b(?:what|it|that|there|let|who|here|he|she))(?:['’]s|s['’]) (?<part>[\w -]{1,80}?) (?:is|are|has|have|was|broke|needs|stopped|does|failed|leaks|won|keeps)\b|(?<!\b(?:what|it|that|there|let|who|here|he|she))(?:['’]s|s['’]) (?<part>[\w -]{1,80}?)(?=[.,;:?!]|$)", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex OwnedThing();

    [GeneratedRegex(@"\b(?:broken|faulty|defective|leaking|dead|damaged) (?<part>[\w -]{1,80}?)(?= (?:at|for|in|on|of|from|and|is|has)\b|[.,;:?!]|$)", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex BrokenThing();

    [GeneratedRegex(@"\b(?:the|a|an) (?<part>[\w -]{1,80}?) (?:at [\w ]{1,40}? )?(?:is broken|is down|is leaking|is dead|is faulty|has failed|failed|died|broke|stopped|leaks|needs)\b", RegexOptions.IgnoreCase)]
    private static partial Regex ThingIsBroken();

    [GeneratedRegex(@"\b(?:stock|availability|number|price|spares?) (?:of|for) (?<part>[\w, -]{1,120}?)(?= (?:for|at|do|are|is|left|in)\b|[.;:?!]|$)", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex StockOf();

    [GeneratedRegex(@"\b(?:how many|do we (?:still )?have|have we(?: got)?|is there|are there|we have) (?:any |a |an |enough )?(?<part>[\w, -]{1,120}?)(?= (?:do we|are|is|left|in stock|in the|on|available|have we|at|for)\b|[.;:?!]|$)", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex HaveInStock();

    [GeneratedRegex(@"\b(?:reserve|hold|put aside|set aside|search for|(?:search|check|look in|look through) (?:the |our |your )?(?:inventory|stock|warehouse|catalog(?:ue)?|parts) for|find|order) (?:\d+ |two |three |four |five )?(?<part>[\w -]{1,80}?)(?= (?:for|at|in|from|and)\b|[.,;:?!]|$)", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex ReservedThing();

    [GeneratedRegex(@"(?<part>[\w -]{1,80}?) (?:in stock|in the inventory|in the warehouse)", RegexOptions.IgnoreCase)]
    private static partial Regex ThingInStock();

    [GeneratedRegex(@"\A(?:the|a|an|any|some|our|their|its|spare|spares|new|more|of|for|part|\d+|is|are|there|show|me|list|all|what|which|parts|please|two|three|four|five|check|broken|faulty|defective|leaking|dead|damaged|do|we|have|got)\z", RegexOptions.IgnoreCase)]
    private static partial Regex LeadingWords();

    [GeneratedRegex(@"\b(?:reserve|hold|put aside|set aside|book|orders?|need|want|buy) (?:(?:for|of|me|us|another|exactly|a) ){0,4}(?<n>\d{1,4}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|pair)\b(?!-)", RegexOptions.IgnoreCase)]
    private static partial Regex CountPattern();
}
