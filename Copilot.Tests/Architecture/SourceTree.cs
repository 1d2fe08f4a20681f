namespace Copilot.Tests.Architecture;

/// <summary>The repository that these tests were built in.</summary>
internal static class SourceTree
{
    /// <summary>Its root: the folder with Copilot.sln above the test assembly.</summary>
    public static string Root { get; } = Find();

    /// <summary>Text files below a folder of the root with one of these extensions, without what builds generate.</summary>
    public static IEnumerable<string> Files(string folder, params string[] extensions) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
            .Where(file => extensions.Contains(Path.GetExtension(file)))
            .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "Migrations"))
            .Order(StringComparer.Ordinal);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Copilot.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"There is no Copilot.sln above {AppContext.BaseDirectory}: run the tests inside the repository.");
    }
}
