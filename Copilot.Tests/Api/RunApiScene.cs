using System.Net.Http.Headers;
using System.Text;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Api;

/// <summary>A program with the demo key, and scripted runs behind the API.</summary>
public abstract class RunApiScene : IAsyncLifetime
{
    private protected readonly ManualClock _clock = new();
    private protected PeopleHost _host = null!;
    private protected HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await PeopleHost.StartAsync(new HostSettings { IsDemo = true, Clock = _clock });
        _client = _host.Program("demo-key");
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _client.Dispose();
        await _host.DisposeAsync();
    }

    private protected Task<HttpResponseMessage> CreateAsync(string body) => CreateAsync(_client, body);

    private protected Task<string> StartAsync() => StartAsync(_client);

    /// <summary>As another program.</summary>
    private protected static async Task<string> StartAsync(HttpClient client)
    {
        using var response = await CreateAsync(client, """{"input":"a"}""");
        return (await RunApiTests.JsonAsync(response)).GetProperty("run_id").GetString()!;
    }

    /// <summary>A program with a key of somebody new.</summary>
    private protected async Task<HttpClient> ProgramOfAsync(string name, string role, string team)
    {
        var id = await _host.CreatePersonAsync(name, role, team);
        var key = await _host.Services.GetRequiredService<ApiKeys>().CreateAsync(id, name, CancellationToken.None);
        return _host.Program(key.Key);
    }

    private static Task<HttpResponseMessage> CreateAsync(HttpClient client, string body) =>
        client.PostAsync("/api/runs", new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")));
}
