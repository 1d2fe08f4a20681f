using Copilot.Domain.Replay.Compare;

namespace Copilot.Tests.Replay.Compare;

public sealed class WordDiffTests
{
    private static readonly string[] s_pieces = ["pump", "valve", " ", "  ", "\n", ".", ",", "{", "\"", "über", "東京都支店", "ปั๊ม", "😀", "\ud83d", "_id", "42", "قطعة"];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 120)];

    [Fact]
    public void Of_OneWordChanged_SaysWhich()
    {
        Assert.Equal(
            [
                new DiffPart(DiffKind.Same, "Two "), new DiffPart(DiffKind.OnlyInA, "pumps"), new DiffPart(DiffKind.OnlyInB, "valves"),
                new DiffPart(DiffKind.Same, " are in stock."),
            ],
            WordDiff.Of("Two pumps are in stock.", "Two valves are in stock.", DiffWork.OfAPage(), CancellationToken.None));
    }

    [Fact]
    public void Of_ScriptWithoutBlanks_GoesByTheCharacter() => Assert.Equal(
        [new DiffPart(DiffKind.Same, "東京都"), new DiffPart(DiffKind.OnlyInA, "支"), new DiffPart(DiffKind.OnlyInB, "本"), new DiffPart(DiffKind.Same, "店")],
        WordDiff.Of("東京都支店", "東京都本店", DiffWork.OfAPage(), CancellationToken.None));

    [Fact]
    public void Of_NothingOnOneSide_IsAllOfTheOther()
    {
        Assert.Empty(WordDiff.Of("", "", DiffWork.OfAPage(), CancellationToken.None));
        Assert.Equal([new DiffPart(DiffKind.OnlyInB, "new")], WordDiff.Of("", "new", DiffWork.OfAPage(), CancellationToken.None));
        Assert.Equal([new DiffPart(DiffKind.OnlyInA, "old")], WordDiff.Of("old", "", DiffWork.OfAPage(), CancellationToken.None));
        Assert.Equal([new DiffPart(DiffKind.Same, "as it was")], WordDiff.Of("as it was", "as it was", DiffWork.OfAPage(), CancellationToken.None));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Of_ByChance_MakesBothTextsAgain(int seed)
    {
        var random = new Random(seed);
        var (a, b) = (Text(random), Text(random));

        var parts = WordDiff.Of(a, b, DiffWork.OfAPage(), CancellationToken.None);

        Assert.Equal(a, Join(parts, DiffKind.OnlyInA));
        Assert.Equal(b, Join(parts, DiffKind.OnlyInB));
        Assert.All(parts.Zip(parts.Skip(1)), pair => Assert.NotEqual(pair.First.Kind, pair.Second.Kind));
    }

    [Fact]
    public void Of_VeryLongTexts_MakesBothAgainByLines()
    {
        var random = new Random(7);
        string[] lines = [.. Enumerable.Range(0, 900).Select(line => $"{line}: {Text(random)}\n")];
        var a = string.Concat(lines);
        lines[450] = "another line\n";
        lines[10] = "";
        var b = string.Concat(lines);

        var parts = WordDiff.Of(a, b, DiffWork.OfAPage(), CancellationToken.None);

        Assert.Equal(a, Join(parts, DiffKind.OnlyInA));
        Assert.Equal(b, Join(parts, DiffKind.OnlyInB));
        Assert.Contains(new DiffPart(DiffKind.OnlyInB, "another line\n"), parts);
    }

    [Fact]
    public void Of_MoreThanMayBeDone_ComparesBeginningsAndEnds()
    {
        // What is left pays for the first two texts, and not for the second.
        var work = new DiffWork(100);
        Assert.Contains(new DiffPart(DiffKind.Same, " and "), WordDiff.Of("pumps and valves", "gaskets and rings", work, CancellationToken.None));
        var (a, b) = ("first\none and two\nlast", "first\n1 and 2 and 3\nnew\nlast");

        Assert.Equal(
            [new DiffPart(DiffKind.Same, "first\n"), new DiffPart(DiffKind.OnlyInA, "one and two\n"), new DiffPart(DiffKind.OnlyInB, "1 and 2 and 3\nnew\n"), new DiffPart(DiffKind.Same, "last")],
            WordDiff.Of(a, b, new DiffWork(0), CancellationToken.None));
        Assert.Equal([new DiffPart(DiffKind.Same, a)], WordDiff.Of(a, a, new DiffWork(0), CancellationToken.None));
        var words = string.Join(' ', Enumerable.Range(0, 30));
        Assert.Equal([new DiffPart(DiffKind.OnlyInA, words), new DiffPart(DiffKind.OnlyInB, "x " + words + " y")], WordDiff.Of(words, "x " + words + " y", work, CancellationToken.None));
    }

    [Fact]
    public void Of_Stopped_ComparesNothing()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        Assert.Throws<OperationCanceledException>(() => WordDiff.Of("a", "b", DiffWork.OfAPage(), stop.Token));
    }

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => s_pieces[random.Next(s_pieces.Length)]));

    private static string Join(IEnumerable<DiffPart> parts, DiffKind own) =>
        string.Concat(parts.Where(part => part.Kind is DiffKind.Same || part.Kind == own).Select(part => part.Text));
}
