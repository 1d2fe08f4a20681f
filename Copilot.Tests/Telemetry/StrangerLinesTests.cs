using System.Security.Claims;
using System.Text.Json;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Telemetry;

/// <summary>Nobody fills the log without a sign-in.</summary>
public sealed class StrangerLinesTests : IDisposable
{
    private const int LeftOut = 7;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("copilot-strangers-");
    private readonly ManualClock _clock = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Requests_OfStrangers_LeaveSomeLinesAMinuteAndHowManyMore()
    {
        await using (var app = Build())
        {
            await app.StartAsync();
            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
            await AskAsync(client, StrangerLines.PerPeriod + LeftOut, person: null);
            await AskAsync(client, StrangerLines.PerPeriod + LeftOut, person: "anna");
            _clock.Advance(StrangerLines.Period);
            await AskAsync(client, 1, person: null);
        }

        var lines = _folder.GetFiles("copilot-*.json", SearchOption.AllDirectories)
            .SelectMany(file => File.ReadLines(file.FullName))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("Properties"))
            .Where(line => line.TryGetProperty("RequestPath", out _))
            .ToList();
        var strangers = lines.Where(line => line.GetProperty("RequestPath").GetString() == "/nobody").ToList();
        Assert.Equal(StrangerLines.PerPeriod + 1, strangers.Count);
        Assert.Equal(LeftOut, strangers[^1].GetProperty(StrangerLines.LeftOut).GetInt32());
        Assert.All(strangers.SkipLast(1), line => Assert.False(line.TryGetProperty(StrangerLines.LeftOut, out _)));
        Assert.Equal(StrangerLines.PerPeriod + LeftOut, lines.Count - strangers.Count);
    }

    private static async Task AskAsync(HttpClient client, int times, string? person)
    {
        for (var i = 0; i < times; i++)
        {
            using var response = await client.GetAsync(new Uri(person is null ? "/nobody" : $"/person/{person}", UriKind.Relative));
        }
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateBuilder([
            $"--contentRoot={_folder.FullName}", "--urls=http://127.0.0.1:0", "--Serilog:MinimumLevel:Override:Microsoft=Fatal",
        ]);
        builder.Services.AddSingleton<TimeProvider>(_clock);
        builder.AddCopilotLogging();
        var app = builder.Build();
        app.UseRequestLog();
        app.Use((context, next) =>
        {
            if (context.Request.Path.StartsWithSegments("/person", out var name))
            {
                context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "test"));
            }

            return next(context);
        });
        return app;
    }
}
