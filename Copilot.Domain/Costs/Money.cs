using System.Globalization;

namespace Copilot.Domain.Costs;

/// <summary>Amounts of money: whole micro-units (millionths of the currency's unit) in storage, decimals where people write them.</summary>
public static class Money
{
    /// <summary>Largest stored amount: JavaScript can represent it exactly, and a database can sum thousands of them.</summary>
    public const long MaxMicros = 1_000_000_000_000_000;

    private const decimal MicrosPerUnit = 1_000_000m;

    /// <summary>Whole micro-units of an amount in micro-units: half a micro-unit counts as one, and nothing is below 0 or above <see cref="MaxMicros"/>.</summary>
    public static long Round(decimal micros) =>
        (long)Math.Round(Math.Clamp(micros, 0, MaxMicros), MidpointRounding.AwayFromZero);

    /// <summary>Micro-units of an amount in units.</summary>
    public static long ToMicros(decimal units) => Round(Math.Clamp(units, 0, MaxMicros / MicrosPerUnit) * MicrosPerUnit);

    /// <summary>The amount in units, exactly.</summary>
    public static decimal ToUnits(long micros) => micros / MicrosPerUnit;

    /// <summary>The sum, at most <see cref="MaxMicros"/>.</summary>
    public static long Add(long left, long right) => Math.Min(MaxMicros, left + Math.Min(right, MaxMicros));

    /// <summary>For people: 12.35 EUR, 0.0123 EUR, 0.000042 EUR. Small amounts show enough digits to differ.</summary>
    public static string Format(long micros, string? currency)
    {
        var format = micros switch
        {
            0 or >= 1_000_000 => "#,##0.00",
            >= 10_000 => "0.00##",
            _ => "0.0000##",
        };
        return Write(micros, format, currency);
    }

    /// <summary>Two amounts that are compared, with as few digits as tell them apart: 0.0042 EUR and 0.0040 EUR.</summary>
    public static (string One, string Other) Format(long one, long other, string? currency)
    {
        const int Most = 6;
        var decimals = 2;
        while (decimals < Most && Rounded(one, decimals) == Rounded(other, decimals))
        {
            decimals++;
        }

        var format = "#,##0." + new string('0', decimals);
        return (Write(one, format, currency), Write(other, format, currency));
    }

    /// <summary>Amounts that stand beside each other, each with as many digits as the one that needs most: they add up by eye.</summary>
    public static IReadOnlyList<string> FormatAlike(IReadOnlyList<long> amounts, string? currency)
    {
        var decimals = amounts.Max(amount => Format(amount, currency: null).Split('.')[1].Length);
        var format = "#,##0." + new string('0', decimals);
        return [.. amounts.Select(amount => Write(amount, format, currency))];
    }

    private static decimal Rounded(long micros, int decimals) => Math.Round(ToUnits(micros), decimals, MidpointRounding.AwayFromZero);

    private static string Write(long micros, string format, string? currency)
    {
        var amount = ToUnits(micros).ToString(format, CultureInfo.InvariantCulture);
        return currency is null ? amount : $"{amount} {currency}";
    }
}
