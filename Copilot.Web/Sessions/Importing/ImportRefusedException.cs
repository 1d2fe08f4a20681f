namespace Copilot.Web.Sessions.Importing;

/// <summary>A file that is not even read.</summary>
public sealed class ImportRefusedException(ImportRefusal refusal) : Exception($"The file was refused: {refusal}.")
{
    /// <summary>Why.</summary>
    public ImportRefusal Refusal => refusal;
}
