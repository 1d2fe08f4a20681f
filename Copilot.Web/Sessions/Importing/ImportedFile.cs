using Copilot.Domain.Replay.Export;

namespace Copilot.Web.Sessions.Importing;

/// <summary>An exported file that somebody has opened. It is in memory and nowhere else, until it is disposed.</summary>
internal sealed class ImportedFile : IDisposable
{
    private readonly IDisposable _memory;

    /// <param name="name">Its name, as the browser says it: shown, and never used as a path.</param>
    /// <param name="header">What it says that it holds.</param>
    /// <param name="runs">Its runs.</param>
    /// <param name="memory">Its part of the memory, which it gives back.</param>
    public ImportedFile(string name, ExportHeader header, IReadOnlyList<ImportedRun> runs, IDisposable memory)
    {
        (Name, Header, Runs, _memory) = (name, header, runs, memory);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What it says that it holds.</summary>
    public ExportHeader Header { get; }

    /// <summary>Its runs, in its order.</summary>
    public IReadOnlyList<ImportedRun> Runs { get; private set; }

    /// <summary>A run of it, or null.</summary>
    public ImportedRun? Find(string? runId) => Runs.FirstOrDefault(run => run.Summary.RunId == runId);

    /// <inheritdoc/>
    public void Dispose()
    {
        Runs = [];
        _memory.Dispose();
    }
}
