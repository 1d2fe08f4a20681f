using System.Text.Json;
using Copilot.Web.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticAssets;
using Serilog.Events;

namespace Copilot.Tests.Telemetry;

/// <summary>A deliberate request leaves one line in the log file; a page's automatic requests leave none.</summary>
public sealed class RequestLogTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("copilot-requests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task UseRequestLog_Requests_LeaveOneLineEachWithoutQuery()
    {
        await using (var app = Build())
        {
            await app.StartAsync();
            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
            foreach (var path in new[] { "/api/things?token=top-secret", "/two%0Alines", "/broken", "/health/live", "/_blazor/negotiate?id=top-secret", "/" + new string('x', 5_000) })
            {
                using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
            }
        }

        var lines = Lines();
        Assert.Equal(
            [
                "Information GET /api/things answered 200",
                "Information GET /two%0Alines answered 404",
                "Error GET /broken answered 500",
                $"Information GET /{new string('x', 199)}… answered 404",
            ],
            lines.Select(line => line.Split(" in ")[0]));
        Assert.DoesNotContain("top-secret", string.Concat(lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/", 200, LogEventLevel.Information)]
    [InlineData("/api/runs", 429, LogEventLevel.Information)]
    [InlineData("/api/runs", 503, LogEventLevel.Error)]
    [InlineData("/health/ready", 503, LogEventLevel.Debug)]
    [InlineData("/_blazor", 101, LogEventLevel.Debug)]
    [InlineData("/_blazors", 404, LogEventLevel.Information)]
    [InlineData("/_framework/blazor.web.js", 200, LogEventLevel.Debug)]
    [InlineData("/demo/v1/responses", 101, LogEventLevel.Debug)]
    public void Level_Path_IsDebugForAutomaticRequests(string path, int status, LogEventLevel expected)
    {
        var context = new DefaultHttpContext { Request = { Path = path }, Response = { StatusCode = status } };

        Assert.Equal(expected, RequestLog.Level(context, null));
    }

    [Fact]
    public void Level_StaticAsset_IsDebug()
    {
        var context = new DefaultHttpContext { Request = { Path = "/app.css" } };
        var asset = new StaticAssetDescriptor { AssetPath = "app.css", Route = "app.css" };
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(asset), null));

        Assert.Equal(LogEventLevel.Debug, RequestLog.Level(context, null));
    }

    [Fact]
    public void Level_Exception_IsAnError() =>
        Assert.Equal(LogEventLevel.Error, RequestLog.Level(new DefaultHttpContext(), new InvalidOperationException("no")));

    private WebApplication Build()
    {
        var builder = WebApplication.CreateBuilder([
            $"--contentRoot={_folder.FullName}", "--urls=http://127.0.0.1:0",
            "--Serilog:MinimumLevel:Override:Microsoft=Fatal", "--Serilog:MinimumLevel:Override:Microsoft.Hosting.Lifetime=Fatal",
        ]);
        builder.AddCopilotLogging();
        var app = builder.Build();
        app.UseRequestLog();
        app.UseExceptionHandler(error => error.Run(_ => Task.CompletedTask));
        app.MapGet("/api/things", () => "three");
        app.MapGet("/broken", void () => throw new InvalidOperationException("broken on purpose"));
        app.MapGet("/health/live", () => "live");
        app.MapGet("/_blazor/negotiate", () => "circuit");
        return app;
    }

    private List<string> Lines() =>
    [
        .. _folder.GetFiles("copilot-*.json", SearchOption.AllDirectories).SelectMany(file => File.ReadLines(file.FullName)).Select(Text),
    ];

    private static string Text(string line)
    {
        using var json = JsonDocument.Parse(line);
        return $"{json.RootElement.GetProperty("Level").GetString()} {json.RootElement.GetProperty("RenderedMessage").GetString()}";
    }
}
