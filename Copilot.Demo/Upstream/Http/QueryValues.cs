using System.Globalization;
using Copilot.Demo.Upstream.Protocol;

namespace Copilot.Demo.Upstream.Http;

/// <summary>Reads the query of an address; null where it does not have the name.</summary>
internal static class QueryValues
{
    public static string? Text(this IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

    /// <exception cref="RequestRejectedException">It is no whole number.</exception>
    public static long? Whole(this IQueryCollection query, string name) =>
        query.Text(name) is not { } text
            ? null
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw Invalid(name, "an integer");

    /// <exception cref="RequestRejectedException">It is neither true nor false.</exception>
    public static bool? Flag(this IQueryCollection query, string name) =>
        query.Text(name) is not { } text ? null : bool.TryParse(text, out var flag) ? flag : throw Invalid(name, "a boolean");

    private static RequestRejectedException Invalid(string name, string expected) =>
        new(ApiError.Invalid($"Invalid type for '{name}': expected {expected}.", name, "invalid_type"));
}
