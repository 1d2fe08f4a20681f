using Copilot.Domain.Audit;
using Copilot.Domain.Audit.Checkpoints;
using Copilot.Web.Audit;
using Copilot.Web.Storage.Audit;

namespace Copilot.Tests.Audit;

public sealed class CheckpointTests : IAsyncLifetime
{
    private AuditScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await AuditScene.CreateAsync();

    public async ValueTask DisposeAsync() => await _scene.DisposeAsync();

    [Fact]
    public async Task Make_SealsWhatHasChangedAndNothingElse()
    {
        Assert.Null(await _scene.Maker.MakeAsync(CancellationToken.None));
        await _scene.WriteAsync("run_d", 5);

        var made = await _scene.Maker.MakeAsync(CancellationToken.None);

        Assert.Equal(3, made!.Number);
        Assert.Equal(1, made.HeadCount);
        Assert.Equal(3, _scene.Last.Read()!.Number);
        Assert.Empty((await _scene.VerifyAsync()).Findings.Select(AuditScene.Tell));
    }

    [Fact]
    public async Task Make_AfterAStart_SealsWhatTheProcessBeforeLeft()
    {
        await _scene.WriteAsync("run_d", 5);
        using var signer = new CheckpointSigner(_scene.Keys);
        var started = new CheckpointMaker(_scene.Database.Contexts, new ChangedChains(), signer, _scene.Last, TimeProvider.System);
        Assert.Null(await started.MakeAsync(CancellationToken.None));

        await started.FindUnsealedAsync(CancellationToken.None);

        Assert.Equal(1, (await started.MakeAsync(CancellationToken.None))!.HeadCount);
        Assert.Empty((await _scene.VerifyAsync()).Findings.Select(AuditScene.Tell));
    }

    [Fact]
    public async Task Range_LeavesOtherRunsOut()
    {
        var before = new AuditRange(null, new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));
        var during = new AuditRange(new DateTimeOffset(2026, 11, 23, 8, 0, 3, TimeSpan.Zero), new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal(0, (await _scene.VerifyAsync(_scene.Database.ConnectionString, before)).Runs);
        Assert.Equal(3, (await _scene.VerifyAsync(_scene.Database.ConnectionString, during)).Runs);
    }

    [Fact]
    public async Task Key_PublicHalfThatIsDamaged_IsWrittenAnew()
    {
        var file = Directory.GetFiles(_scene.Keys, "checkpoint-*.pem").Single();
        var whole = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, whole[..40]);

        using var again = new CheckpointSigner(_scene.Keys);

        Assert.NotEmpty(again.KeyId);
        Assert.Equal(whole, await File.ReadAllTextAsync(file));
    }

    [Fact]
    public void Key_IsItsOwnersAlone_AndItsFilesAreReadAgain()
    {
        using var again = new CheckpointSigner(_scene.Keys);
        var hash = new byte[32];

        Assert.True(new PublicCheckpointKeys(_scene.Keys).Verify(again.KeyId, hash, again.Sign(hash).Span));
        Assert.Null(new PublicCheckpointKeys(_scene.Keys).Verify("../../etc/passwd", hash, hash));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_scene.Keys, "checkpoint.key")));
        }
    }

    [Fact]
    public void ExportedCheckpoint_WrittenAndRead_IsTheSame_AndAnythingElseIsNone()
    {
        var exported = _scene.Last.Read()!;

        var again = ExportedCheckpoint.Read(exported.Write().Replace("\n", "\r\n", StringComparison.Ordinal))!;

        Assert.Equal(exported.Number, again.Number);
        Assert.Equal(exported.At, again.At);
        Assert.Equal(exported.KeyId, again.KeyId);
        Assert.Equal(exported.Hash.ToArray(), again.Hash.ToArray());
        Assert.Equal(exported.Signature.ToArray(), again.Signature.ToArray());
        Assert.Null(ExportedCheckpoint.Read(""));
        Assert.Null(ExportedCheckpoint.Read("Copilot checkpoint\nnumber: 1\n"));
        Assert.Null(ExportedCheckpoint.Read(exported.Write().Replace("hash: ", "hash: zz", StringComparison.Ordinal)));
    }
}
