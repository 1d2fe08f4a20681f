using System.Globalization;

namespace Copilot.Demo.Upstream.Faults;

/// <summary>Reads the fault requested in metadata, or in the query of an address.</summary>
internal static class FaultKeys
{
    public const string Prefix = "demo.fault";

    /// <summary>The fault requested in these pairs, or null.</summary>
    /// <exception cref="FormatException">A key or a value is not one of <see cref="DemoFaultCatalog"/>'s.</exception>
    public static DemoFault? Read(IReadOnlyDictionary<string, string> pairs)
    {
        DemoFault? fault = null;
        if (pairs.TryGetValue(Prefix, out var name))
        {
            fault = new DemoFault
            {
                Fault = DemoFaultCatalog.Find(name)?.Name
                    ?? throw new FormatException($"Invalid metadata: '{name}' is not a fault of the demo upstream."),
                Times = 1,
            };
        }

        foreach (var (key, value) in pairs)
        {
            if (!key.StartsWith(Prefix, StringComparison.Ordinal) || key == Prefix)
            {
                continue;
            }

            if (fault is null)
            {
                throw new FormatException($"Invalid metadata: '{key}' needs '{Prefix}' beside it.");
            }

            fault = key switch
            {
                "demo.fault_times" => fault with { Times = Whole(key, value) },
                "demo.fault_skip" => fault with { Skip = Whole(key, value) },
                "demo.fault_at" => fault with { At = Whole(key, value) },
                "demo.fault_seconds" => fault with { Seconds = Seconds(key, value) },
                "demo.fault_over" when value is "websocket" or "http" => fault with { Over = value },
                "demo.fault_over" => throw new FormatException($"Invalid metadata: '{key}' must be 'websocket' or 'http'."),
                _ => throw new FormatException($"Invalid metadata: '{key}' says nothing about a fault."),
            };
        }

        return fault;
    }

    private static int Whole(string key, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"Invalid metadata: '{key}' must be a whole number, 0 or more.");

    private static double Seconds(string key, string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= 86_400
            ? number
            : throw new FormatException($"Invalid metadata: '{key}' must be a number of seconds, 0 to 86400.");
}
