using System.Net;
using System.Text;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Api;
using Copilot.Web.Identity;
using Copilot.Web.Security;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Api;

/// <summary>What a key is not for, it cannot do, at every address of the API.</summary>
public sealed class KeyScopeTests(KeyScopeTests.Server server) : IClassFixture<KeyScopeTests.Server>
{
    private readonly PeopleHost _host = server.Host;

    public static TheoryData<string, string, string> Addresses => new()
    {
        { "POST", "/api/runs", ApiScopes.RunsWrite },
        { "GET", "/api/runs", ApiScopes.RunsRead },
        { "GET", "/api/sessions", ApiScopes.SessionsRead },
        { "GET", "/api/runs/run_1", ApiScopes.RunsRead },
        { "GET", "/api/runs/run_1/events", ApiScopes.RunsRead },
        { "POST", "/api/runs/run_1/steer", ApiScopes.RunsWrite },
        { "POST", "/api/runs/run_1/cancel", ApiScopes.RunsWrite },
        { "POST", "/api/runs/run_1/approvals/call_1", ApiScopes.RunsWrite },
        { "POST", "/api/runs/run_1/budget", ApiScopes.RunsWrite },
        { "POST", "/api/runs/run_1/commands", ApiScopes.RunsWrite },
        { "POST", "/api/runs/run_1/questions/call_1", ApiScopes.RunsWrite },
        { "POST", "/api/runs/run_1/forks", ApiScopes.RunsWrite },
        { "GET", "/api/runs/run_1/comments", ApiScopes.RunsRead },
        { "POST", "/api/runs/run_1/comments", ApiScopes.RunsWrite },
        { "PATCH", "/api/runs/run_1/comments/cmt_1", ApiScopes.RunsWrite },
        { "DELETE", "/api/runs/run_1/comments/cmt_1", ApiScopes.RunsWrite },
        { "GET", "/api/live", ApiScopes.RunsRead },
        { "POST", "/api/files", ApiScopes.FilesWrite },
        { "GET", "/api/files/file_1", ApiScopes.FilesRead },
        { "GET", "/api/files/file_1/content", ApiScopes.FilesRead },
        { "GET", "/api/sessions/ses_1", ApiScopes.SessionsRead },
        { "DELETE", "/api/sessions/ses_1", ApiScopes.SessionsDelete },
        { "GET", "/api/sessions/ses_1/forgetting", ApiScopes.SessionsRead },
        { "GET", "/api/levers", ApiScopes.LeversRead },
        { "POST", "/api/levers", ApiScopes.LeversWrite },
        { "DELETE", "/api/levers/lev_1", ApiScopes.LeversWrite },
        { "GET", "/api/retention/rules", ApiScopes.RetentionRead },
        { "PUT", "/api/retention/rules/agent/agt_1", ApiScopes.RetentionWrite },
        { "DELETE", "/api/retention/rules/agent/agt_1", ApiScopes.RetentionWrite },
        { "GET", "/api/retention/holds", ApiScopes.RetentionRead },
        { "POST", "/api/retention/holds", ApiScopes.RetentionWrite },
        { "DELETE", "/api/retention/holds/hld_1", ApiScopes.RetentionWrite },
        { "GET", "/api/rules", ApiScopes.RulesRead },
        { "POST", "/api/rules/try", ApiScopes.RulesRead },
        { "POST", "/api/rules", ApiScopes.RulesWrite },
        { "PUT", "/api/rules/rul_1", ApiScopes.RulesWrite },
        { "DELETE", "/api/rules/rul_1", ApiScopes.RulesWrite },
    };

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Address_KeyWithoutItsScope_Answers403(string method, string path, string scope)
    {
        using var client = await ClientAsync([.. ApiScopes.All.Where(one => one != scope)]);

        using var response = await SendAsync(client, method, path);

        await RunApiTests.AssertProblemAsync(response, HttpStatusCode.Forbidden);
        Assert.Equal($"Bearer error=\"insufficient_scope\", scope=\"{scope}\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Address_KeyWithItsScopeAlone_IsLetIn(string method, string path, string scope)
    {
        using var client = await ClientAsync([scope]);

        using var response = await SendAsync(client, method, path);

        Assert.NotEqual(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.NotEqual(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Wait_KeyThatMayNotRead_Answers403AndStartsNothing()
    {
        using var client = await ClientAsync([ApiScopes.RunsWrite]);

        using var response = await client.PostAsync("/api/runs?wait=1", new StringContent("""{"input":"a"}""", Encoding.UTF8, "application/json"));

        await RunApiTests.AssertProblemAsync(response, HttpStatusCode.Forbidden);
        Assert.Empty(_host.Runs.Requests);
    }

    [Fact]
    public void Endpoints_OfTheApi_AllNeedAScope()
    {
        var endpoints = _host.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal) && !endpoint.RoutePattern.RawText.Contains("**", StringComparison.Ordinal))
            .ToList();

        Assert.Equal(Addresses.Count, endpoints.Count);
        Assert.All(endpoints, endpoint => Assert.NotNull(endpoint.Metadata.GetMetadata<ScopeMetadata>()));
    }

    private async Task<HttpClient> ClientAsync(IReadOnlyList<string> scopes)
    {
        // A person can have only so many.
        if (server.Keys.GetValueOrDefault(string.Join(' ', scopes)) is { } known)
        {
            return _host.Program(known);
        }

        var (key, change) = await _host.Services.GetRequiredService<ApiKeys>().CreateAsync(
            TestKeys.Owner(server.UserId), server.UserId, new ApiKeyRequest("test", scopes, ExpiresAt: null), CancellationToken.None);
        Assert.Empty(change.Problems);
        server.Keys[string.Join(' ', scopes)] = key!.Key;
        return _host.Program(key.Key);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST")
        {
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        }

        return await client.SendAsync(request);
    }

    /// <summary>A host with one person, who has a key for each set of scopes that was asked for.</summary>
    public sealed class Server : IAsyncLifetime
    {
        internal PeopleHost Host { get; private set; } = null!;

        internal string UserId { get; private set; } = null!;

        internal Dictionary<string, string> Keys { get; } = [];

        public async ValueTask InitializeAsync()
        {
            Host = await PeopleHost.StartAsync(new HostSettings());
            UserId = await Host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        }

        public async ValueTask DisposeAsync() => await Host.DisposeAsync();
    }
}
