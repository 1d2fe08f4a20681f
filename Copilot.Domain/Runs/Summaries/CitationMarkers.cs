using System.Text;

namespace Copilot.Domain.Runs.Summaries;

/// <summary>
/// Takes marks out of an answer that were meant for another renderer: some models write their references into the text, between
/// private-use characters (<c>U+E200 cite U+E202 turn0search0 U+E201</c>) or in brackets (<c>【4:0†source】</c>). What they refer to comes as
/// annotations as well.
/// </summary>
public sealed class CitationMarkers
{
    private const char Start = '\uE200';
    private const char End = '\uE201';
    private const char Bracket = '【';
    private const char BracketEnd = '】';
    private const char Dagger = '†';
    private const int Longest = 300;

    private readonly StringBuilder _held = new();

    /// <summary>A text without them.</summary>
    public static string Strip(string text)
    {
        if (text.AsSpan().IndexOfAny(Start, End, Bracket) < 0)
        {
            return text;
        }

        var markers = new CitationMarkers();
        return markers.Add(text) + markers.Rest();
    }

    /// <summary>Takes the next piece of a text; gives back what can be shown of it now. A mark that is cut stays back until it is whole.</summary>
    public string Add(string piece)
    {
        if (_held.Length == 0 && piece.AsSpan().IndexOfAny(Start, End, Bracket) < 0)
        {
            return piece;
        }

        var shown = new StringBuilder();
        foreach (var one in piece)
        {
            if (_held.Length > 0)
            {
                Hold(one, shown);
            }
            else if (one is Start or Bracket)
            {
                _held.Append(one);
            }
            else if (one is not End)
            {
                shown.Append(one);
            }
        }

        return shown.ToString();
    }

    /// <summary>What was held back at the end of a text and is no mark.</summary>
    public string Rest()
    {
        var rest = _held.Length > 0 && _held[0] == Bracket ? _held.ToString() : "";
        _held.Clear();
        return rest;
    }

    private void Hold(char one, StringBuilder shown)
    {
        _held.Append(one);
        var isBracket = _held[0] == Bracket;
        if (one == (isBracket ? BracketEnd : End))
        {
            if (isBracket && !IsReference())
            {
                shown.Append(_held);
            }

            _held.Clear();
        }
        else if (_held.Length > Longest || (isBracket && !IsReferenceSoFar()))
        {
            shown.Append(isBracket ? _held.ToString() : _held.ToString(1, _held.Length - 1));
            _held.Clear();
        }
    }

    // Digits, perhaps a colon and digits, the dagger, and then a name.
    private bool IsReference() => _held.ToString().Contains(Dagger, StringComparison.Ordinal) && IsReferenceSoFar();

    private bool IsReferenceSoFar()
    {
        for (var index = 1; index < _held.Length; index++)
        {
            if (_held[index] == Dagger)
            {
                return index > 1;
            }

            if (!char.IsAsciiDigit(_held[index]) && _held[index] != ':')
            {
                return _held[index] == BracketEnd;
            }
        }

        return true;
    }
}
