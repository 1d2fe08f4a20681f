namespace Copilot.Web.Files;

/// <summary>What people may attach, and where it is stored. Bound from <c>Files</c>.</summary>
public sealed class FileLimits
{
    /// <summary>Largest file, in bytes. Files go upstream inside the request, a third larger. Default: 20 MB (20,971,520).</summary>
    public int MaxBytes { get; set; } = 20 * 1024 * 1024;

    /// <summary>Maximum files of one message. Default: 10.</summary>
    public int MaxPerMessage { get; set; } = 10;

    /// <summary>Maximum files that a person may have uploaded but not sent. Default: 50; at least <see cref="MaxPerMessage"/>.</summary>
    public int MaxUnused { get; set; } = 50;

    /// <summary>Maximum bytes of those files together. Default: 500 MB (524,288,000); at least <see cref="MaxBytes"/>.</summary>
    public long MaxUnusedBytes { get; set; } = 500L * 1024 * 1024;

    /// <summary>The folder of the files' bytes, relative to the content root. Default: <c>App_Data/files</c>.</summary>
    public string Folder { get; set; } = "App_Data/files";
}
