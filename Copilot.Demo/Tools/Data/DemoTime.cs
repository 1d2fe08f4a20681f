using System.Globalization;

namespace Copilot.Demo.Tools.Data;

/// <summary>Times are stored as whole microseconds since 1970 (UTC), so that they order and compare as numbers.</summary>
internal static class DemoTime
{
    public static long ToMicroseconds(DateTimeOffset at)
    {
        return (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
    }

    /// <summary>RFC 3339 to the second, as the model reads it.</summary>
    public static string ToText(long microseconds)
    {
        return DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond)
            .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }
}
