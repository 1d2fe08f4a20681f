using System.Diagnostics;
using System.Text.Json.Nodes;
using Copilot.Bench.Reporting;

namespace Copilot.Bench;

/// <summary>
/// Runs several benches, each in a process of its own: what one has compiled, cached and left in memory would change the figures of the
/// next, and a figure of <c>check</c> would be another one than that of its bench alone.
/// </summary>
internal static class SeparateProcesses
{
    /// <summary>Runs them one after another. Each prints its own report.</summary>
    /// <returns>The exit code: the first that is not zero, or zero.</returns>
    public static async Task<int> RunAsync(CommandLine command, CancellationToken cancellationToken)
    {
        var results = new JsonArray();
        var code = 0;
        foreach (var bench in command.Benches)
        {
            var file = Path.GetTempFileName();
            try
            {
                using var process = Process.Start(StartOf(bench, command, file))!;
                await process.WaitForExitAsync(cancellationToken);
                code = code == 0 ? process.ExitCode : code;
                if (JsonNode.Parse(await File.ReadAllTextAsync(file, cancellationToken) is { Length: > 0 } text ? text : "[]") is JsonArray reports)
                {
                    foreach (var report in reports)
                    {
                        results.Add(report?.DeepClone());
                    }
                }
            }
            finally
            {
                File.Delete(file);
            }
        }

        if (command.Out is { } path)
        {
            JsonReport.Write(path, results);
        }

        return code;
    }

    private static ProcessStartInfo StartOf(IBench bench, CommandLine command, string results)
    {
        var start = OwnProcess.Start();
        start.ArgumentList.Add(bench.Name);
        if (command.Quick)
        {
            start.ArgumentList.Add("--quick");
        }

        if (command.Docs)
        {
            start.ArgumentList.Add("--docs");
        }

        start.ArgumentList.Add("--out");
        start.ArgumentList.Add(results);
        return start;
    }
}
