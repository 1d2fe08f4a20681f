using Copilot.Domain.Audit.Checkpoints;
using Copilot.Web.Audit;

namespace Copilot.Tests.Audit;

/// <summary>The access log and the checkpoints are changed behind the program's back, and the verification says which of their rows.</summary>
public sealed class TamperedSealTests : IAsyncLifetime
{
    private AuditScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await AuditScene.CreateAsync();

    public async ValueTask DisposeAsync() => await _scene.DisposeAsync();

    [Theory]
    [InlineData("at", "Changed")]
    [InlineData("action", "Changed")]
    [InlineData("actor_id", "Changed")]
    [InlineData("actor_name", "Changed")]
    [InlineData("address", "Changed")]
    [InlineData("object_id", "Changed")]
    [InlineData("owner_id", "Changed")]
    [InlineData("hash", "HashChanged")]
    public async Task AccessLog_OneByte_IsTold(string column, string kind) =>
        Assert.Equal([$"{kind} access_log 2"], await _scene.TamperAsync(file => file.Flip("access_log", column, "seq = 2")));

    [Fact]
    public async Task AccessLog_RowsAndTail_AreTold()
    {
        Assert.Equal(["Changed access_log 3"], await _scene.TamperAsync(file => file.Do("UPDATE access_log SET reason = 'none' WHERE seq = 3")));
        Assert.Equal(["Removed access_log 2"], await _scene.TamperAsync(file => file.Do("DELETE FROM access_log WHERE seq = 2")));
        Assert.Equal(["Cut access_log 4"], await _scene.TamperAsync(file => file.Do("DELETE FROM access_log WHERE seq = 4")));
        Assert.Equal(["ChainRemoved access_log 1-4"], await _scene.TamperAsync(file => file.Do("DELETE FROM access_log")));
        Assert.Equal(
            ["Reordered access_log 2 at 3", "Reordered access_log 3 at 2"],
            await _scene.TamperAsync(file =>
            {
                file.Do("UPDATE access_log SET seq = 9 WHERE seq = 2");
                file.Do("UPDATE access_log SET seq = 2 WHERE seq = 3");
                file.Do("UPDATE access_log SET seq = 3 WHERE seq = 9");
            }));
    }

    [Theory]
    [InlineData("at", "CheckpointChanged checkpoints 1")]
    [InlineData("previous_hash", "CheckpointChanged checkpoints 1")]
    [InlineData("head_count", "CheckpointChanged checkpoints 1")]
    [InlineData("heads_digest", "CheckpointChanged checkpoints 1")]
    [InlineData("key_id", "CheckpointChanged checkpoints 1")]
    [InlineData("signature", "SignatureWrong checkpoints 1")]
    public async Task Checkpoint_OneByte_IsTold(string column, string expected) =>
        Assert.Equal([expected], await _scene.TamperAsync(file => file.Flip("audit_checkpoints", column, "number = 1")));

    [Fact]
    public async Task Checkpoint_HashHeadsAndRows_AreTold()
    {
        Assert.Equal(
            ["CheckpointChanged checkpoints 1", "CheckpointChanged checkpoints 2"],
            await _scene.TamperAsync(file => file.Flip("audit_checkpoints", "hash", "number = 1")));
        Assert.Equal(["HeadsChanged checkpoints 2"], await _scene.TamperAsync(file => file.Flip("audit_heads", "hash", "chain = 'run_c' AND seq = 8")));
        Assert.Equal(["HeadsChanged checkpoints 2"], await _scene.TamperAsync(file => file.Do("DELETE FROM audit_heads WHERE chain = 'run_c' AND seq = 8")));
        Assert.Equal(["CheckpointRemoved checkpoints 1"], await _scene.TamperAsync(file => file.Do("DELETE FROM audit_checkpoints WHERE number = 1")));
        Assert.Equal(["CheckpointsCut checkpoints 2"], await _scene.TamperAsync(file => file.Do("DELETE FROM audit_checkpoints WHERE number = 2")));
    }

    [Fact]
    public async Task CheckpointTail_CutOffWithAllThatItSealed_IsToldByTheOneThatWasKept()
    {
        void Cut(TamperedFile file)
        {
            file.Do("DELETE FROM audit_checkpoints WHERE number = 2");
            file.Do("DELETE FROM audit_heads WHERE checkpoint = 2");
            file.Do("DELETE FROM run_events WHERE seq > 5");
            file.Do("UPDATE runs SET head_seq = 5");
            file.Do("DELETE FROM access_log WHERE seq > 2");
        }

        // Nothing inside the file can tell: that is what an exported checkpoint is for.
        Assert.Empty(await _scene.TamperAsync(Cut));
        Assert.Equal(["CheckpointsCut checkpoints 2"], await _scene.TamperAsync(Cut, _scene.Last.Read()!));
    }

    [Fact]
    public async Task Checkpoints_SignedWithAnotherKey_AreTold()
    {
        var folder = Directory.CreateTempSubdirectory("copilot-other-key-");
        using var other = new CheckpointSigner(folder.FullName);
        var exported = _scene.Last.Read()!;

        var findings = await _scene.TamperAsync(
            file =>
            {
                // All of it done anew and well: a chain that holds, with the key of somebody else.
                file.Do("DELETE FROM audit_checkpoints");
                file.Do("DELETE FROM audit_heads");
                var made = Checkpoint.Seal(null, DateTimeOffset.UnixEpoch, [], other);
                file.Do($"""
                    INSERT INTO audit_checkpoints (number, at, previous_hash, head_count, heads_digest, key_id, hash, signature)
                    VALUES (1, 0, {TamperedFile.Hex(made.PreviousHash)}, 0, {TamperedFile.Hex(made.HeadsDigest)}, '{made.KeyId}', {TamperedFile.Hex(made.Hash)}, {TamperedFile.Hex(made.Signature)})
                    """);
            },
            exported);

        Assert.Equal(["KeyUnknown checkpoints 1", "CheckpointsCut checkpoints 2"], findings);
        folder.Delete(recursive: true);
    }
}
