using System.Globalization;

namespace Copilot.Web.Storage.Search;

/// <summary>One condition of a <see cref="RunFilter"/>.</summary>
/// <param name="Field">What it looks at.</param>
/// <param name="IsNot">True where it holds for what does not match: "is not", "below", "before".</param>
/// <param name="Value">What it looks for.</param>
public sealed record RunCondition(RunField Field, bool IsNot, string Value)
{
    /// <summary>The value that stands for every one there is.</summary>
    public const string Any = "any";

    /// <summary>Its name in an address: <c>agent</c>, or <c>agent!</c> for "is not".</summary>
    public string Key => Field.ToString().ToLowerInvariant() + (IsNot ? "!" : "");

    /// <summary>True for a field that is compared by size.</summary>
    public static bool IsMeasured(RunField field) => field is RunField.Cost or RunField.Duration or RunField.Tokens or RunField.Date;

    /// <summary>The number that it compares with; null where there is none.</summary>
    public decimal? Number =>
        decimal.TryParse(Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= 1_000_000_000_000 ? number : null;

    /// <summary>The moment that it compares with; null where there is none.</summary>
    /// <param name="zone">The zone that a day begins in.</param>
    public DateTimeOffset? Moment(TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        if (DateOnly.TryParseExact(Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            var begin = day.ToDateTime(TimeOnly.MinValue);
            // A day that begins with the hour that summer time leaves out begins an hour later.
            begin = zone.IsInvalidTime(begin) ? begin.AddHours(1) : begin;
            return day.Year is < 1971 or > 9990 ? null : new DateTimeOffset(begin, zone.GetUtcOffset(begin));
        }

        return DateTimeOffset.TryParse(Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;
    }

    /// <summary>False for a value that its field cannot have.</summary>
    public bool IsValid => Field switch
    {
        RunField.Cost or RunField.Duration or RunField.Tokens => Number is not null,
        RunField.Date => Moment(TimeZoneInfo.Utc) is not null,
        RunField.Intervention or RunField.Seen => Value is "yes" or "no",
        RunField.Thumbs => Value is "up" or "down",
        _ => true,
    };
}
