using System.Globalization;
using System.Text.RegularExpressions;

namespace Copilot.Demo.Upstream.Model.Hosted;

/// <summary>Finds an expression in a sentence and evaluates it: numbers, + - * / %, ** and brackets.</summary>
internal sealed partial class Arithmetic
{
    private const int MaxDepth = 40;

    private readonly string _text;
    private int _at;
    private int _depth;

    private Arithmetic(string text) => _text = text;

    /// <summary>The first expression with an operator in it, as Python writes it; null if there is none.</summary>
    public static string? Find(string sentence)
    {
        foreach (Match match in Candidate().Matches(sentence.Replace('×', '*').Replace('÷', '/').Replace("^", "**", StringComparison.Ordinal)))
        {
            var text = match.Value.Trim();
            if (text.AsSpan(1).ContainsAny("+-*/%") && Work(text) is not null)
            {
                return text;
            }
        }

        return null;
    }

    /// <summary>The value, or null for what is no expression or has no finite value.</summary>
    public static double? Work(string expression)
    {
        var reader = new Arithmetic(expression);
        var value = reader.Sum();
        reader.Space();
        return value is { } number && double.IsFinite(number) && reader._at == expression.Length ? number : null;
    }

    /// <summary>A value as Python prints it.</summary>
    public static string Print(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private double? Sum()
    {
        var value = Product();
        while (value is not null && Take('+', '-') is { } sign)
        {
            var next = Product();
            value = next is null ? null : sign == '+' ? value + next : value - next;
        }

        return value;
    }

    private double? Product()
    {
        var value = Power();
        while (value is not null && !Ahead("**") && Take('*', '/', '%') is { } sign)
        {
            var next = Power();
            value = next is null ? null : sign switch { '*' => value * next, '/' => value / next, _ => value % next };
        }

        return value;
    }

    private double? Power()
    {
        var value = Unit();
        Space();
        if (value is null || !Ahead("**"))
        {
            return value;
        }

        _at += 2;
        return Power() is { } exponent ? Math.Pow(value.Value, exponent) : null;
    }

    private double? Unit()
    {
        if (++_depth > MaxDepth)
        {
            return null;
        }

        try
        {
            if (Take('-') is not null)
            {
                return -Unit();
            }

            if (Take('(') is not null)
            {
                var value = Sum();
                return Take(')') is null ? null : value;
            }

            Space();
            var start = _at;
            while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] == '.'))
            {
                _at++;
            }

            return double.TryParse(_text.AsSpan(start, _at - start), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                ? number
                : null;
        }
        finally
        {
            _depth--;
        }
    }

    private char? Take(params ReadOnlySpan<char> signs)
    {
        Space();
        return _at < _text.Length && signs.Contains(_text[_at]) ? _text[_at++] : null;
    }

    private bool Ahead(string text) => string.CompareOrdinal(_text, _at, text, 0, text.Length) == 0;

    private void Space()
    {
        while (_at < _text.Length && _text[_at] == ' ')
        {
            _at++;
        }
    }

    [GeneratedRegex(@"[\d(-][\d .()*/%+-]{1,200}[\d)]")]
    private static partial Regex Candidate();
}
