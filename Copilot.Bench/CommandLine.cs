namespace Copilot.Bench;

/// <summary>The parsed command line.</summary>
/// <param name="Benches">The benches to run, in order.</param>
/// <param name="Quick">Small and fast, and missed targets are an error.</param>
/// <param name="Docs">Whether the documentation is rewritten.</param>
/// <param name="Out">Where the results go as JSON, or null.</param>
internal sealed record CommandLine(IReadOnlyList<IBench> Benches, bool Quick, bool Docs, string? Out)
{
    /// <summary>Null for invalid arguments.</summary>
    public static CommandLine? Parse(string[] args, IReadOnlyList<IBench> benches)
    {
        var chosen = args.Length == 0 ? [] : args[0] switch
        {
            "all" => benches,
            "check" => [.. benches.Where(bench => bench.IsAsserted)],
            var name => [.. benches.Where(bench => bench.Name == name)],
        };
        var quick = args is ["check", ..];
        var docs = false;
        string? path = null;
        for (var i = 1; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--quick":
                    quick = true;
                    break;
                case "--docs":
                    docs = true;
                    break;
                case "--out" when i + 1 < args.Length:
                    path = args[++i];
                    break;
                default:
                    return null;
            }
        }

        // A quick run is for assertions; its figures are too rough to quote.
        return chosen.Count == 0 || (quick && docs) ? null : new CommandLine(chosen, quick, docs, path);
    }

    public static string Usage(IReadOnlyList<IBench> benches) =>
        $"""
        Usage: dotnet run -c Release --project Copilot.Bench -- <name> [--quick] [--out <file>] [--docs]
          <name>   {string.Join(", ", benches.Select(bench => bench.Name))}, all, or check (those with asserted figures, --quick); each of several has a process of its own
          --quick  small and fast; exits with 1 when a target is missed
          --out    writes the results as JSON
          --docs   writes the tables and plots of docs/performance.md anew
        """;

    /// <summary>The folder of the solution, regardless of the working directory.</summary>
    public static string Repository()
    {
        for (var folder = new DirectoryInfo(Directory.GetCurrentDirectory()); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Copilot.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("Start this inside the repository: no Copilot.sln was found above the current folder.");
    }
}
