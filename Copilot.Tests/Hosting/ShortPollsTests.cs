using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Copilot.Tests.Hosting;

public sealed class ShortPollsTests
{
    [Fact]
    public async Task Poll_NothingHappens_IsAnsweredBeforeAProxyGivesUpAndTheNextIsTaken()
    {
        var clock = new ManualClock();
        await using var app = Build(clock);
        await app.StartAsync();
        using var browser = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var negotiated = await browser.PostAsync("/_blazor/negotiate?negotiateVersion=1", content: null);
        var token = (await negotiated.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("connectionToken").GetString();
        // The first one only opens the connection.
        using var first = await browser.GetAsync($"/_blazor?id={token}").Soon("the first poll");
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);

        for (var poll = 0; poll < 2; poll++)
        {
            await clock.WhenTimersArmedAsync(0);
            var waiting = browser.GetAsync($"/_blazor?id={token}");
            await clock.WhenTimersArmedAsync(1);
            clock.Advance(ShortPolls.Longest);
            using var answer = await waiting.Soon("the poll ends");

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        }

        Assert.True(ShortPolls.Longest < TimeSpan.FromSeconds(60));
    }

    private static WebApplication Build(TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(clock);
        builder.Services.AddSignalR();
        var app = builder.Build();
        app.UseShortPolls();
        // What the pages' own hub is built on.
        app.MapHub<Pages>("/_blazor");
        return app;
    }

    private sealed class Pages : Hub;
}
