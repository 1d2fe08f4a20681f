using System.Globalization;

namespace Copilot.Web.Options;

/// <summary>
/// Reads one section of the configuration and collects what is wrong instead of stopping at the first error, as the
/// framework's binder does. An empty value counts as not set.
/// </summary>
internal sealed class SettingReader(IConfiguration configuration, string section, List<string> errors)
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    public string? Text(string name)
    {
        var value = configuration[$"{section}:{name}"];
        return string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }

    public bool Flag(string name, bool fallback) =>
        Read(name, fallback, "true or false", (string text, out bool value) => bool.TryParse(text, out value));

    public int WholeNumber(string name, int fallback) =>
        Read(name, fallback, "a whole number", (string text, out int value) =>
            int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out value));

    /// <summary>A whole number that need not be set.</summary>
    public int? OptionalNumber(string name, int? fallback) => Text(name) is null ? fallback : WholeNumber(name, fallback ?? 1);

    public double Number(string name, double fallback) =>
        Read(name, fallback, "a number", (string text, out double value) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value));

    public decimal Decimal(string name, decimal fallback) =>
        Read(name, fallback, "a number, like 1.25", (string text, out decimal value) =>
            decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value));

    public T Choice<T>(string name, T fallback)
        where T : struct, Enum =>
        Read(name, fallback, "one of " + string.Join(", ", Enum.GetNames<T>()), (string text, out T value) =>
            Enum.TryParse(text, ignoreCase: true, out value) && Enum.IsDefined(value));

    /// <summary>A duration as <c>hh:mm:ss</c>. A bare number is refused: the framework would take it for days.</summary>
    public TimeSpan Duration(string name, TimeSpan fallback)
    {
        var value = Read(name, fallback, "a duration as hours, minutes and seconds, like 00:00:05", (string text, out TimeSpan span) =>
            TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out span) & text.Contains(':', StringComparison.Ordinal));
        return value;
    }

    /// <summary>What is wrong with a duration, or null.</summary>
    public static string? CheckDuration(string setting, TimeSpan value) =>
        value > TimeSpan.Zero && value <= s_longest
            ? null
            : $"{setting} is {value:c}. Set it to more than 00:00:00 and at most one day ({Variable(setting)} in the environment).";

    /// <summary>What is wrong with a size, or null.</summary>
    public static string? CheckPositive(string setting, int value) =>
        value > 0 ? null : $"{setting} is {value}. Set it to more than 0 ({Variable(setting)} in the environment).";

    /// <summary>How a setting is named as an environment variable.</summary>
    public static string Variable(string setting) => setting.Replace(":", "__", StringComparison.Ordinal);

    private T Read<T>(string name, T fallback, string expected, TryParse<T> tryParse)
    {
        var text = Text(name);
        if (text is null)
        {
            return fallback;
        }

        if (tryParse(text, out var value))
        {
            return value;
        }

        var setting = $"{section}:{name}";
        errors.Add($"{setting} is '{text}'. Set it to {expected} ({Variable(setting)} in the environment).");
        return fallback;
    }

    private delegate bool TryParse<T>(string text, out T value);
}
