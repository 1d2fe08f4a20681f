using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Copilot.Domain.Settings;

namespace Copilot.Web.Options;

/// <summary>
/// Prepares a section of the configuration for the framework's binder, which stops at the first text that it cannot convert: takes
/// such texts out and collects a sentence about each. Values are trimmed, empty ones count as not set, and lists may be written as
/// one value with commas.
/// </summary>
internal sealed class SettingConversion
{
    private readonly Dictionary<string, string?> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<SettingError> _errors = [];

    private SettingConversion()
    {
    }

    /// <summary>Prepares a section.</summary>
    /// <param name="section">The section as it was set.</param>
    /// <param name="type">The options that it is bound to.</param>
    /// <returns>The section for the binder, and what is wrong.</returns>
    public static (IConfigurationSection Values, IReadOnlyList<SettingError> Errors) Prepare(IConfigurationSection section, Type type)
    {
        var conversion = new SettingConversion();
        conversion.ReadMembers(section, type);
        var values = new ConfigurationBuilder().AddInMemoryCollection(conversion._values).Build().GetSection(section.Path);
        return (values, conversion._errors);
    }

    private void ReadMembers(IConfigurationSection section, Type type)
    {
        foreach (var property in SettingTypes.PropertiesOf(type))
        {
            var child = section.GetSection(property.Name);
            if (child.Exists())
            {
                Read(child, property.PropertyType, property);
            }
        }
    }

    private void Read(IConfigurationSection section, Type type, PropertyInfo? property)
    {
        if (SettingTypes.IsScalar(type))
        {
            ReadScalar(section, type, property);
        }
        else if (SettingTypes.EntryType(type) is { } entry)
        {
            ReadEach(section, entry);
        }
        else if (SettingTypes.ItemType(type) is not { } item)
        {
            ReadMembers(section, type);
        }
        else if (item == typeof(string))
        {
            ReadTexts(section);
        }
        else
        {
            ReadEach(section, item);
        }
    }

    private void ReadEach(IConfigurationSection section, Type type)
    {
        foreach (var child in section.GetChildren())
        {
            if (!SettingTypes.IsScalar(type))
            {
                // The binder passes over an entry without values, and those after it would get other numbers.
                _values[child.Path] = "";
            }

            Read(child, type, property: null);
        }
    }

    // One value may hold several, which is easier to write in the environment.
    private void ReadTexts(IConfigurationSection section)
    {
        var texts = section.GetChildren().Select(child => child.Value).Append(section.Value)
            .SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Distinct(StringComparer.Ordinal);
        foreach (var (index, text) in texts.Index())
        {
            _values[$"{section.Path}:{index.ToString(CultureInfo.InvariantCulture)}"] = text;
        }
    }

    private void ReadScalar(IConfigurationSection section, Type type, PropertyInfo? property)
    {
        if (string.IsNullOrWhiteSpace(section.Value))
        {
            if (property?.IsDefined(typeof(EmptyMeansNoneAttribute)) is true)
            {
                _values[section.Path] = null;
            }

            return;
        }

        var text = section.Value.Trim();
        if (IsConvertible(text, Nullable.GetUnderlyingType(type) ?? type))
        {
            _values[section.Path] = text;
            return;
        }

        var expected = SettingTypes.Describe(type);
        _errors.Add(new SettingError(
            section.Path,
            property?.GetCustomAttribute<SettingAttribute>()?.HidesValue is true || type == typeof(Uri)
                ? SettingText.Unusable(section.Path, expected)
                : SettingText.Wrong(section.Path, text, expected)));
    }

    private static bool IsConvertible(string text, Type type)
    {
        if (type == typeof(string))
        {
            return true;
        }

        if (type.IsEnum)
        {
            return Enum.TryParse(type, text, ignoreCase: true, out var value) && Enum.IsDefined(type, value);
        }

        // A bare number is refused: the framework would take it for days.
        return (type != typeof(TimeSpan) || text.Contains(':', StringComparison.Ordinal))
            && TryConvert(text, type);
    }

    private static bool TryConvert(string text, Type type)
    {
        try
        {
            return TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text) is not null;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            return false;
        }
    }
}
