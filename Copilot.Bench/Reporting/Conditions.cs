using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;

namespace Copilot.Bench.Reporting;

/// <summary>Describes the machine and load of a measurement.</summary>
internal static class Conditions
{
    /// <summary>The machine, the runtime and the load at this moment, followed by the bench's own conditions.</summary>
    public static IReadOnlyList<string> With(params IEnumerable<string> own) =>
    [
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores ({Processor()}), {RuntimeInformation.OSDescription}, shared with other work; load average when it ended: {Load()}"),
        string.Create(
            CultureInfo.InvariantCulture,
            $"{RuntimeInformation.FrameworkDescription}, {(GCSettings.IsServerGC ? "server" : "workstation")} collector, {Build()} build"),
        .. own,
    ];

    private static string Processor()
    {
        const string file = "/proc/cpuinfo";
        var line = File.Exists(file)
            ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static string Load()
    {
        const string file = "/proc/loadavg";
        return File.Exists(file) ? string.Join(' ', File.ReadAllText(file).Split(' ').Take(3)) : "unknown";
    }

    private static string Build() =>
#if DEBUG
        "debug";
#else
        "release";
#endif
}
