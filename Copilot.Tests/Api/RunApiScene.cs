using System.Net.Http.Headers;
using System.Text;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;

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

    private static Task<HttpResponseMessage> CreateAsync(HttpClient client, string body) =>
        client.PostAsync("/api/runs", new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")));
}
