namespace Copilot.Domain.Replay.Export;

/// <summary>A file that is no export, or a broken one. The message is a sentence for people.</summary>
public sealed class ExportFormatException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public ExportFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong in a line.</summary>
    /// <param name="line">The line's number, from 1.</param>
    /// <param name="problem">What is wrong with it.</param>
    public ExportFormatException(int line, string problem)
        : base($"Line {line}: {problem}")
    {
    }
}
