namespace Copilot.Tests.Architecture;

/// <summary>Folders and files stay small enough to be read at a glance.</summary>
public sealed class SizeRuleTests
{
    private const int MostFiles = 20;

    // About 300 is the aim; beyond this there are surely two ideas in it.
    private const int MostLines = 400;

    private static readonly string[] s_source = [".cs", ".razor", ".js", ".css"];

    /// <summary>The parts of the repository that people write; migrations and recordings are none of theirs.</summary>
    public static TheoryData<string> Parts => ["Copilot.Domain", "Copilot.Web", "Copilot.Demo", "Copilot.Bench", "Copilot.Tests", "wwwroot"];

    /// <summary>A component is one file: its markup, its code, its script and its style belong together.</summary>
    [Theory]
    [MemberData(nameof(Parts))]
    public void Folder_OfThePart_HoldsTwentyFilesAtMost(string part)
    {
        var folders = SourceTree.Files(part, s_source).GroupBy(Path.GetDirectoryName).ToList();

        Assert.NotEmpty(folders);
        Assert.Empty(folders
            .Select(folder => (Name: Path.GetRelativePath(SourceTree.Root, folder.Key!), Files: Count(folder)))
            .Where(folder => folder.Files > MostFiles)
            .Select(folder => $"{folder.Name} holds {folder.Files} files"));
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void File_OfThePart_IsNotTooLong(string part)
    {
        Assert.Empty(SourceTree.Files(part, s_source)
            .Select(file => (Name: Path.GetRelativePath(SourceTree.Root, file), Lines: File.ReadLines(file).Count()))
            .Where(file => file.Lines > MostLines)
            .Select(file => $"{file.Name} has {file.Lines} lines"));
    }

    [Fact]
    public void Count_OfAComponent_IsOne() =>
        Assert.Equal(3, Count(["a/Card.razor", "a/Card.razor.cs", "a/Card.razor.js", "a/Card.razor.css", "a/CardText.cs", "a/card.css"]));

    private static int Count(IEnumerable<string> files) => files.Select(Unit).Distinct(StringComparer.Ordinal).Count();

    private static string Unit(string file)
    {
        var name = Path.GetFileName(file);
        var component = name.IndexOf(".razor", StringComparison.Ordinal);
        return component < 0 ? name : name[..component];
    }
}
