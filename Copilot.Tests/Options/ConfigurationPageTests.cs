using Copilot.Tests.Architecture;
using Copilot.Web.Hosting;
using Copilot.Web.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Options;

/// <summary>The page of all settings is what the options say.</summary>
public sealed class ConfigurationPageTests : IDisposable
{
    private const string Command = "COPILOT_WRITE_DOCS=1 dotnet test Copilot.Tests --filter FullyQualifiedName~ConfigurationPage";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("copilot-page-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task ConfigurationPage_InTheRepository_IsWhatTheOptionsSay()
    {
        var builder = WebApplication.CreateBuilder([$"--contentRoot={_folder.FullName}"]);
        CopilotApplication.AddServices(builder);
        await using var app = builder.Build();
        var page = ConfigurationPage.Write(app.Services.GetServices<ISettingSection>());
        var path = Path.Combine(SourceTree.Root, "docs", "configuration.md");
        if (Environment.GetEnvironmentVariable("COPILOT_WRITE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(path, page);
        }

        Assert.True(File.Exists(path) && await File.ReadAllTextAsync(path) == page, $"docs/configuration.md is not what the options say. Run: {Command}");
    }
}
