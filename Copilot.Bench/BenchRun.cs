namespace Copilot.Bench;

/// <summary>How thoroughly a bench measures.</summary>
/// <param name="Quick">True for <c>check</c>: fewer repetitions and smaller loads, the same figures.</param>
/// <param name="Folder">Where databases and recordings go; on the disk whose commits are measured, deleted afterwards.</param>
internal sealed record BenchRun(bool Quick, string Folder)
{
    /// <summary>Repetitions of a figure: never fewer than five.</summary>
    public int Repetitions(int thorough) => Quick ? 5 : Math.Max(5, thorough);

    /// <summary>A new folder for one database or recording.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Combine(Folder, Path.GetRandomFileName())).FullName;
}
