using Copilot.Domain.Replay;
using Copilot.Domain.Replay.Export;
using Copilot.Domain.Runs.Events;
using Copilot.Tests.Golden;
using Copilot.Web.Sessions.Importing;

namespace Copilot.Tests.Sessions.Importing;

public sealed class ImportReaderTests
{
    public static TheoryData<string> Logs => [.. GoldenLog.Names];

    public static TheoryData<string> Hostile => [.. HostileFiles.All.Keys];

    [Theory]
    [MemberData(nameof(Logs))]
    public async Task Read_ExactFile_IsEveryRunVerified(string name)
    {
        var (header, runs) = await ReadAsync(ExportFiles.Golden(name), pieces: 977);

        var log = GoldenLog.Read(name).Runs;
        Assert.Equal(log.Select(run => run[0].RunId), header.Runs);
        Assert.Equal(header.Runs, runs.Select(run => run.Summary.RunId));
        Assert.All(runs, run => Assert.Equal(ChainFinding.Verified, run.Check.Finding));
        Assert.Equal(log.SelectMany(run => run).Select(one => one.Data.ToArray()), runs.SelectMany(run => run.Events).Select(one => one.Data.ToArray()));
        Assert.Equal(log.SelectMany(run => run).Select(one => one.IsErased), runs.SelectMany(run => run.Events).Select(one => one.IsErased));
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Read_AnythingElse_EndsInAClearError(string what)
    {
        var (file, says) = HostileFiles.All[what];

        var error = await Assert.ThrowsAsync<ExportFormatException>(() => ReadAsync(file, pieces: 64 * 1024));

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_EventThatWasChanged_IsBrokenThere()
    {
        var text = System.Text.Encoding.UTF8.GetString(ExportFiles.Golden("completed-run-completed")).Replace("run.started", "run.Started", StringComparison.Ordinal);

        var (_, runs) = await ReadAsync(ExportFiles.Utf8(text), pieces: 64 * 1024);

        var broken = runs.Single(run => run.Check.Finding is ChainFinding.Broken);
        Assert.Equal("run.Started", broken.Events[(int)broken.Check.Seq! - 1].Type);
    }

    [Fact]
    public async Task Read_CoveredFileAndClip_SayThatNothingWasChecked()
    {
        var covered = await ReadAsync(ExportFiles.Of("completed-run-completed", clip: null, new Redaction { Arguments = true }), pieces: 64 * 1024);
        var clip = await ReadAsync(ExportFiles.Of("completed-run-completed", new SeqRange(4, 9), Redaction.None), pieces: 64 * 1024);

        Assert.Equal(ChainFinding.Covered, covered.Runs[^1].Check.Finding);
        Assert.Equal(ChainFinding.Clip, clip.Runs[^1].Check.Finding);
        Assert.Equal([4, 5, 6, 7, 8, 9], clip.Runs[^1].Events.Select(one => one.Seq));
    }

    [Fact]
    public async Task Read_MarkAndOtherLineEnds_AreRead()
    {
        var text = System.Text.Encoding.UTF8.GetString(ExportFiles.Golden("completed-run-completed")).Replace("\n", "\r\n", StringComparison.Ordinal);

        var (_, runs) = await ReadAsync([0xEF, 0xBB, 0xBF, .. ExportFiles.Utf8(text)], pieces: 5);

        Assert.All(runs, run => Assert.Equal(ChainFinding.Verified, run.Check.Finding));
    }

    [Fact]
    public async Task Read_LineWithoutEnd_IsGivenUpBeforeItIsHeld()
    {
        var error = await Assert.ThrowsAsync<ExportFormatException>(
            () => ImportReader.ReadAsync(new Endless(ExportFiles.Utf8(ExportFiles.Header + "{\"run_id\":\"")), long.MaxValue, _ => { }, CancellationToken.None));

        Assert.Equal("Line 2: it is too long.", error.Message);
    }

    [Fact]
    public async Task Read_EventsWithoutEnd_AreGivenUp()
    {
        var events = string.Concat(Enumerable.Range(1, 200_001).Select(seq => ExportFiles.Event(seq)));

        var error = await Assert.ThrowsAsync<ExportFormatException>(() => ReadAsync(ExportFiles.Utf8(ExportFiles.Header + events), pieces: 64 * 1024));

        Assert.Equal("The file has more than 200,000 events.", error.Message);
    }

    [Fact]
    public async Task Read_MoreThanWasSaid_IsRefused()
    {
        var file = ExportFiles.Golden("completed-run-completed");

        var refused = await Assert.ThrowsAsync<ImportRefusedException>(
            () => ImportReader.ReadAsync(new MemoryStream(file), file.Length - 1, _ => { }, CancellationToken.None));

        Assert.Equal(ImportRefusal.TooLarge, refused.Refusal);
    }

    private static Task<(ExportHeader Header, IReadOnlyList<ImportedRun> Runs)> ReadAsync(byte[] file, int pieces) =>
        ImportReader.ReadAsync(new Pieces(file, pieces), file.Length, _ => { }, CancellationToken.None);

    /// <summary>A file that comes in small pieces, as one does from a browser.</summary>
    private sealed class Pieces(byte[] file, int length) : MemoryStream(file)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, length)], cancellationToken);
    }

    /// <summary>A beginning, and then the same letter for ever.</summary>
    private sealed class Endless(byte[] start) : MemoryStream(start)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (await base.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                return count;
            }

            buffer.Span.Fill((byte)'x');
            return buffer.Length;
        }
    }
}
