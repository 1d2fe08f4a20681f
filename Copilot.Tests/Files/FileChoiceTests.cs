using Copilot.Tests.Shared.Runs;
using Copilot.Web.Files;

namespace Copilot.Tests.Files;

/// <summary>The files that a message names, and their contents.</summary>
public sealed class FileChoiceTests : FileStoreScene
{
    [Fact]
    public async Task Contents_BytesMissing_IsOmitted()
    {
        var file = await _files.AddAsync("a.txt", "a"u8.ToArray());
        File.Delete(Path.Combine(_database.FilesPath(), _database.FilesOnDisk()[0]));

        Assert.Empty(await _files.FindAsync([file.Id], CancellationToken.None));
        Assert.Null(_files.Open((await _files.FindAsync(file.Id, CancellationToken.None))!));
    }

    [Fact]
    public async Task Choose_OwnUpload_IsUsedInOrder()
    {
        var a = await _files.AddAsync("a.txt", "a"u8.ToArray());
        var b = await _files.AddAsync("b.txt", "b"u8.ToArray());

        var chosen = await _files.ChooseAsync([b.Id, a.Id], "usr_1", "ses_1", CancellationToken.None);

        Assert.Null(chosen.Problem);
        Assert.Equal([b, a], chosen.Files);
    }

    [Theory]
    [InlineData("usr_2", false)]
    [InlineData("usr_1", true)]
    public async Task Choose_OtherPersonsFile_IsNotFound(string userId, bool isUsable)
    {
        var file = await _files.AddAsync("a.txt", "a"u8.ToArray());

        var chosen = await _files.ChooseAsync([file.Id], userId, null, CancellationToken.None);

        Assert.Equal(isUsable ? null : FileText.Unusable(file.Id), chosen.Problem);
    }

    [Fact]
    public async Task Choose_TooManyOrTwice_IsReported()
    {
        var file = await _files.AddAsync("a.txt", "a"u8.ToArray());

        Assert.Equal(
            FileText.TooMany(3, 4),
            (await _files.ChooseAsync(["1", "2", "3", "4"], "usr_1", null, CancellationToken.None)).Problem);
        Assert.Equal(
            FileText.NamedTwice,
            (await _files.ChooseAsync([file.Id, file.Id], "usr_1", null, CancellationToken.None)).Problem);
        Assert.Equal(
            FileText.Unusable("…"),
            (await _files.ChooseAsync(["<b>"], "usr_1", null, CancellationToken.None)).Problem);
    }

    [Fact]
    public async Task Choose_UsedInAnotherSession_IsCopied()
    {
        var file = await _files.AddAsync("a.txt", "a"u8.ToArray());
        await _database.UseAsync(file.Id, "ses_1");

        var same = await _files.ChooseAsync([file.Id], "usr_1", "ses_1", CancellationToken.None);
        var other = await _files.ChooseAsync([file.Id], "usr_1", "ses_2", CancellationToken.None);

        Assert.Equal([file], same.Files);
        var copy = Assert.Single(other.Files);
        Assert.NotEqual(file.Id, copy.Id);
        await _files.EraseSessionAsync("ses_1", CancellationToken.None);
        Assert.NotNull(await _files.FindAsync(copy.Id, CancellationToken.None));
        Assert.Single(_database.FilesOnDisk());
    }
}
