using System.Reflection;

namespace Copilot.Web.Options;

/// <summary>What the binder makes of the members of options.</summary>
internal static class SettingTypes
{
    /// <summary>The properties that can be set, in the order of the source.</summary>
    public static IEnumerable<PropertyInfo> PropertiesOf(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is { IsPublic: true } || EntryType(property.PropertyType) is not null || ItemType(property.PropertyType) is not null)
            .OrderBy(property => property.MetadataToken);

    /// <summary>True for one value.</summary>
    public static bool IsScalar(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || type == typeof(TimeSpan) || type == typeof(Uri);
    }

    /// <summary>What the entries of a dictionary by name are, or null.</summary>
    public static Type? EntryType(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>) ? type.GetGenericArguments()[1] : null;

    /// <summary>What the items of a list are, or null.</summary>
    public static Type? ItemType(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() is var definition
            && (definition == typeof(List<>) || definition == typeof(IList<>) || definition == typeof(IReadOnlyList<>))
            ? type.GetGenericArguments()[0]
            : null;

    /// <summary>A value of this type in words, as they complete "Set it to".</summary>
    public static string Describe(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(bool) ? "true or false"
            : type.IsEnum ? "one of " + string.Join(", ", Enum.GetNames(type))
            : type == typeof(TimeSpan) ? "a duration as hours, minutes and seconds, like 00:00:05"
            : type == typeof(Uri) ? "an absolute address, like https://api.example.com"
            : type == typeof(string) ? "text"
            : type == typeof(decimal) ? "a number, like 1.25"
            : type == typeof(double) ? "a number"
            : "a whole number";
    }
}
