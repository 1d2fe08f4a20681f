using System.Text;
using Copilot.Domain.Audit.Checkpoints;
using Copilot.Web.Security;

namespace Copilot.Web.Audit;

/// <summary>
/// The newest checkpoint in a file beside the keys, so that checkpoints cut off the database show. Who can write that folder too can
/// replace it: only a copy elsewhere holds against that.
/// </summary>
/// <param name="folder">Where keys are.</param>
internal sealed class LastCheckpoint(string folder)
{
    private readonly string _file = Path.Combine(folder, "last-checkpoint.txt");

    /// <summary>The checkpoint of the file, or null without a readable one.</summary>
    public ExportedCheckpoint? Read()
    {
        try
        {
            return File.Exists(_file) ? ExportedCheckpoint.Read(File.ReadAllText(_file)) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes a checkpoint, unless a later one is there: then the database was put back, which a verification must still see.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public void Write(Checkpoint checkpoint)
    {
        if (Read() is not { } last || last.Number < checkpoint.Number)
        {
            OwnerFile.Replace(_file, Encoding.ASCII.GetBytes(ExportedCheckpoint.From(checkpoint).Write()));
        }
    }
}
