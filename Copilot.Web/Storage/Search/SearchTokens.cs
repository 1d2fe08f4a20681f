using System.Globalization;
using System.Text;

namespace Copilot.Web.Storage.Search;

/// <summary>
/// Cuts text into the tokens of the index, and searches into what is looked for among them. One rule for both, made here and not by the
/// database: letters, digits and marks of any script, without case, accents and differences of width. Scripts that are written without
/// spaces between words become overlapping pairs, so that every word inside a sentence is found (docs/decisions).
/// </summary>
internal static class SearchTokens
{
    /// <summary>Longest token, in characters: what is longer is data, which nobody types.</summary>
    public const int MaxLength = 64;

    /// <summary>The tokens of a text, one space between two.</summary>
    /// <param name="text">Any text, also one that is not valid Unicode.</param>
    public static string Of(string text)
    {
        var tokens = new StringBuilder(text.Length + 16);
        var letters = new Letters(text);
        while (letters.MoveNext())
        {
            var piece = letters.Current;
            if (!piece.IsPaired)
            {
                Append(piece.Text);
                continue;
            }

            // The last one stands alone too, so that a search for it, or a phrase that goes on after it, finds it.
            var runes = piece.Text.EnumerateRunes().ToArray();
            for (var i = 0; i < runes.Length; i++)
            {
                Append(i + 1 < runes.Length ? $"{runes[i]}{runes[i + 1]}" : runes[i].ToString());
            }
        }

        return tokens.ToString();

        void Append(string token)
        {
            if (tokens.Length > 0)
            {
                tokens.Append(' ');
            }

            tokens.Append(token.AsSpan(0, Math.Min(token.Length, MaxLength)));
        }
    }

    /// <summary>The pieces of a text with their places, in the form in which they are compared.</summary>
    public static Letters Pieces(string text) => new(text);

    /// <summary>A piece of a text: a word, or letters of a script that has no spaces between words.</summary>
    /// <param name="Text">In the form in which it is compared.</param>
    /// <param name="IsPaired">Whether the index has it as pairs.</param>
    /// <param name="Starts">Where each character of <paramref name="Text"/> is in the original.</param>
    /// <param name="End">Where the piece ends in the original.</param>
    internal readonly record struct Piece(string Text, bool IsPaired, IReadOnlyList<int> Starts, int End);

    /// <summary>Reads a text piece by piece.</summary>
    internal sealed class Letters(string text)
    {
        private readonly StringBuilder _piece = new();
        private int _at;

        /// <summary>The piece that was read.</summary>
        public Piece Current { get; private set; }

        /// <summary>Reads the next piece. False at the end.</summary>
        public bool MoveNext()
        {
            _piece.Clear();
            var starts = new List<int>();
            bool? isPaired = null;
            var end = _at;
            while (_at < text.Length)
            {
                var status = Rune.DecodeFromUtf16(text.AsSpan(_at), out var rune, out var length);
                if (status is not System.Buffers.OperationStatus.Done)
                {
                    rune = Rune.ReplacementChar;
                }

                if (!IsLetter(rune))
                {
                    if (_piece.Length > 0)
                    {
                        break;
                    }

                    _at += length;
                    continue;
                }

                var pairs = IsPaired(rune);
                if (isPaired is { } before && before != pairs && !IsMark(rune))
                {
                    break;
                }

                isPaired ??= pairs;
                if (rune.IsAscii)
                {
                    _piece.Append((char)(rune.Value is >= 'A' and <= 'Z' ? rune.Value | 0x20 : rune.Value));
                    starts.Add(_at);
                }
                else
                {
                    foreach (var folded in Fold(rune, isPaired.Value))
                    {
                        _piece.Append(folded);
                        starts.Add(_at);
                    }
                }

                _at += length;
                end = _at;
            }

            if (_piece.Length == 0)
            {
                // Marks alone are no word; what follows them may be.
                return _at < text.Length && MoveNext();
            }

            Current = new Piece(_piece.ToString(), isPaired is true, starts, end);
            return true;
        }
    }

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsLetter(Rune rune) => rune.IsAscii ? char.IsAsciiLetterOrDigit((char)rune.Value) : Rune.IsLetterOrDigit(rune) || IsMark(rune) || Rune.IsNumber(rune);

    private static string Fold(Rune rune, bool isPaired)
    {
        if (isPaired)
        {
            // Most have one form only.
            return rune.Value is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3041 and <= 0x30FF) or (>= 0x0E00 and <= 0x0E7F) or (>= 0xAC00 and <= 0xD7A3)
                ? rune.ToString()
                : rune.ToString().Normalize(NormalizationForm.FormKC);
        }

        var plain = rune.ToString().Normalize(NormalizationForm.FormKC);

        var folded = new StringBuilder();
        foreach (var part in plain.Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            // What a form takes apart into more than letters (½) leaves its letters.
            if (Rune.IsLetterOrDigit(part))
            {
                folded.Append(Rune.ToLowerInvariant(part).ToString());
            }
        }

        return folded.ToString();
    }

    // Han with its marks, kana, Hangul, bopomofo; Thai, Lao, Tibetan, Myanmar, Khmer.
    private static bool IsPaired(Rune rune) => !rune.IsAscii && rune.Value is
        (>= 0x0E00 and <= 0x0FFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1100 and <= 0x11FF) or (>= 0x1780 and <= 0x17FF)
        or (>= 0x2E80 and <= 0x2FDF) or (>= 0x3005 and <= 0x3007) or (>= 0x3021 and <= 0x318F) or (>= 0x31A0 and <= 0x31FF)
        or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xA960 and <= 0xA97F) or (>= 0xAA60 and <= 0xAA7F)
        or (>= 0xAC00 and <= 0xD7FF) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFF66 and <= 0xFFDC) or (>= 0x1B000 and <= 0x1B16F) or (>= 0x20000 and <= 0x3FFFF);
}
