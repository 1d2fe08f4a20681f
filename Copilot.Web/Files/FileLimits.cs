namespace Copilot.Web.Files;

/// <summary>What people may attach, and where it lies. Bound from <c>Files</c>.</summary>
public sealed class FileLimits
{
    /// <summary>Largest file, in bytes. Files go upstream inside the request, a third larger. Default: 20 MB (20,971,520).</summary>
    public int MaxBytes { get; set; } = 20 * 1024 * 1024;

    /// <summary>Most files of one message. Default: 10.</summary>
    public int MaxPerMessage { get; set; } = 10;

    /// <summary>The folder of the files' bytes, relative to the content root. Default: <c>App_Data/files</c>.</summary>
    public string Folder { get; set; } = "App_Data/files";
}
