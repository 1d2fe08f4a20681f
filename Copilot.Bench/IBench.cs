using Copilot.Bench.Reporting;

namespace Copilot.Bench;

/// <summary>One bench.</summary>
internal interface IBench
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>Whether it has figures with targets, so that <c>check</c> runs it.</summary>
    bool IsAsserted { get; }

    /// <summary>Measures.</summary>
    Task<BenchReport> RunAsync(BenchRun run, CancellationToken cancellationToken);
}
