using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Copilot.Domain.Settings;

/// <summary>Sentences about settings that are wrong: which one, what is wrong with it, and what to set.</summary>
public static class SettingText
{
    /// <summary>A value that may be repeated.</summary>
    /// <param name="setting">The setting as the configuration names it: <c>Runs:MaxActive</c>.</param>
    /// <param name="value">Its value.</param>
    /// <param name="expected">What to set it to, as it completes "Set it to".</param>
    public static string Wrong(string setting, object value, string expected) =>
        $"{setting} is {Show(value)}. Set it to {expected} ({Variable(setting)} in the environment).";

    /// <summary>A value that is not repeated, because it may be or hold a secret.</summary>
    public static string Unusable(string setting, string expected) =>
        $"{setting} cannot be used. Set it to {expected} ({Variable(setting)} in the environment).";

    /// <summary>A setting that is needed and not there.</summary>
    public static string Missing(string setting, string expected) =>
        $"{setting} is missing. Set it to {expected} ({Variable(setting)} in the environment).";

    /// <summary>How a setting is named as an environment variable.</summary>
    public static string Variable(string setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        return setting.Replace(":", "__", StringComparison.Ordinal);
    }

    /// <summary>A value as settings are written: text in quotes, durations as <c>hh:mm:ss</c>.</summary>
    public static string Show(object value) => value switch
    {
        string text => $"'{text}'",
        TimeSpan duration => duration.ToString("c", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>The setting that is being validated: <c>Runs:MaxActive</c> for <c>MaxActive</c> of options that are validated as <c>Runs</c>.</summary>
    public static string NameOf(ValidationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);

        // Generated validators write the members of "Prices" as Prices.Models[0].Input.
        return context.DisplayName.Replace("[", ":", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Replace('.', ':');
    }

    /// <summary>The section that is being validated, for rules between its settings (<see cref="IValidatableObject"/>).</summary>
    public static string SectionOf(ValidationContext context)
    {
        var name = NameOf(context);
        var end = name.LastIndexOf(':');
        return end < 0 ? name : name[..end];
    }
}
