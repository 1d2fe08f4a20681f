using System.Xml.Linq;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Identity;
using Copilot.Web.Security;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Security;

public sealed class ProtectionKeysTests
{
    [Theory]
    [InlineData("")]
    [InlineData("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<key id=\"4f2c")]
    [InlineData("\0\0\0\0")]
    public async Task SignIn_DamagedFileAmongTheKeys_WorksAndTheLogNamesTheFile(string content)
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings
        {
            Configure = builder =>
            {
                var keys = Directory.CreateDirectory(Path.Combine(builder.Environment.ContentRootPath, "App_Data", "keys"));
                File.WriteAllText(Path.Combine(keys.FullName, "key-damaged.xml"), content);
            },
        });
        await host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        using var browser = host.Browser();

        Assert.Equal("/", await PeopleHost.SignInAsync(browser, "anna", PeopleHost.Password));

        Assert.Contains(host.Log.Warnings, line => line.Contains("key-damaged.xml", StringComparison.Ordinal));
    }

    [Fact]
    public void StoreElement_NewKey_IsReadAgainAndTheOwnersAlone()
    {
        var folder = Directory.CreateTempSubdirectory("copilot-keys-");
        try
        {
            var keys = new ProtectionKeys(folder, NullLoggerFactory.Instance);

            keys.StoreElement(new XElement("key", new XAttribute("id", "1")), "key-1");

            Assert.Equal("1", Assert.Single(keys.GetAllElements()).Attribute("id")?.Value);
            var file = Assert.Single(folder.GetFiles());
            Assert.Equal("key-1.xml", file.Name);
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
