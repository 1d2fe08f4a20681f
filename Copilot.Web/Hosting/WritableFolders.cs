using Copilot.Web.Options;

namespace Copilot.Web.Hosting;

/// <summary>Finds out at the start whether the folders that the program needs can be written.</summary>
internal static class WritableFolders
{
    private static readonly string[] s_names = ["keys", "logs"];

    /// <summary>Creates the folders for keys and logs where they are missing.</summary>
    /// <exception cref="StartRefusedException">Some cannot be written; each is named.</exception>
    public static void Check(string contentRoot)
    {
        var reasons = s_names
            .Select(name => Path.Combine(contentRoot, "App_Data", name))
            .Select(folder => (Folder: folder, Problem: Problem(folder)))
            .Where(one => one.Problem is not null)
            .Select(one => $"{one.Folder} cannot be written: {one.Problem} Give the program's account write access to it.")
            .ToList();
        if (reasons.Count > 0)
        {
            throw new StartRefusedException(reasons);
        }
    }

    private static string? Problem(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using var probe = new FileStream(
                Path.Combine(folder, $".{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }
}
