using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Copilot.Domain.Audit;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Api;
using Copilot.Web.Identity;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Api.Forking;

/// <summary>A run of the demo model that has ended, and forks of it over HTTP.</summary>
public abstract class ForkScene : IAsyncLifetime
{
    private protected const string Question = "How many cooling pumps are in stock?";

    private protected WholeHost Host { get; private set; } = null!;

    private protected HttpClient Client { get; private set; } = null!;

    /// <summary>A run that has ended.</summary>
    private protected string RunId { get; private set; } = "";

    /// <summary>Its events.</summary>
    private protected IReadOnlyList<RunEvent> Events { get; private set; } = [];

    private protected IRunEventStore Store => Host.App.Services.GetRequiredService<IRunEventStore>();

    public async ValueTask InitializeAsync()
    {
        Host = await WholeHost.StartAsync("--DemoTools:Latency=00:00:00", "--Prices:Currency=EUR", "--Prices:Models:0:Model=gpt-5.6-mini", "--Prices:Models:0:Input=1", "--Prices:Models:0:Output=2");
        Client = Host.Client();
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "demo-key");
        using var started = await Client.PostAsJsonAsync("/api/runs?wait=50", new { input = Question });
        Assert.Equal(HttpStatusCode.OK, started.StatusCode);
        RunId = (await JsonAsync(started)).GetProperty("run_id").GetString()!;
        Events = await Store.ReadAsync(RunId, 0, int.MaxValue, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Client.Dispose();
        await Host.DisposeAsync();
    }

    private protected Task<CopilotDbContext> ContextAsync() => Host.App.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();

    private protected static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

    private protected Task<HttpResponseMessage> PostAsync(string runId, string body) => PostAsync(Client, runId, body);

    private protected static Task<HttpResponseMessage> PostAsync(HttpClient client, string runId, string body) =>
        client.PostAsync($"/api/runs/{runId}/forks", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

    private protected Task<string> ForkAsync(object body) => ForkAsync(RunId, body);

    private protected async Task<string> ForkAsync(string of, object body)
    {
        using var response = await PostAsync(of, JsonSerializer.Serialize(body));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var run = (await JsonAsync(response)).GetProperty("run_id").GetString()!;
        Assert.Equal("/api/runs/" + run, response.Headers.Location!.ToString());
        return run;
    }

    private protected async Task<JsonElement> RestAsync(string run)
    {
        using var response = await Client.GetAsync($"/api/runs/{run}?wait=50").Soon("the fork rests");
        return await JsonAsync(response);
    }
}
