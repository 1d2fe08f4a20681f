using Copilot.Web.Security;

namespace Copilot.Tests.Security;

public sealed class InstallationKeyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("copilot-key-");

    private string File => Path.Combine(_folder.FullName, "keys", "installation.key");

    [Fact]
    public void Hash_SameInstallation_IsTheSameAfterARestartAndOnlyThere()
    {
        var first = New().Hash("body"u8);

        Assert.Equal(first, New().Hash("body"u8));
        Assert.NotEqual(first, New().Hash("other"u8));
        System.IO.File.Delete(File);
        Assert.NotEqual(first, New().Hash("body"u8));
    }

    [Fact]
    public void Hash_FirstUse_LeavesOneFileThatOnlyTheOwnerReads()
    {
        New().Hash("body"u8);

        Assert.Equal([File], Directory.GetFiles(Path.GetDirectoryName(File)!));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        }
    }

    [Fact]
    public void Hash_ManyAtOnce_MakeOneKey()
    {
        var hashes = new string[20];

        Parallel.For(0, hashes.Length, one => hashes[one] = Convert.ToHexString(New().Hash("body"u8)));

        Assert.Single(hashes.Distinct());
    }

    [Fact]
    public void Hash_FileIsNoKey_SaysWhichFile()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, "short");

        var exception = Assert.Throws<InvalidDataException>(() => New().Hash("body"u8));

        Assert.Contains(File, exception.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private InstallationKey New() => new(Path.Combine(_folder.FullName, "keys"));
}
