using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Copilot.Domain.Responses.Requests;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Files;

/// <summary>Files over HTTP, on real Kestrel, disk and database.</summary>
public abstract class FileHttpScene : IAsyncLifetime
{
    private protected const string Team = "team_default";
    private protected PeopleHost _host = null!;
    private protected HttpClient _api = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await PeopleHost.StartAsync(new HostSettings
        {
            IsDemo = true,
            Values = new() { ["Upstream:BaseUrl"] = "http://127.0.0.1:9/v1", ["Files:MaxBytes"] = "100000", ["Files:MaxPerMessage"] = "2" },
        });
        _api = _host.Program("demo-key");
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _api.Dispose();
        await _host.DisposeAsync();
    }

    private protected static ByteArrayContent Raw(byte[] bytes, string type)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }

    private protected static async Task<MessageFile> UploadAsync(HttpClient client, string name, byte[] bytes, string type, string path = "/files")
    {
        using var response = await client.PostAsync($"{path}?name={Uri.EscapeDataString(name)}", Raw(bytes, type));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<MessageFile>(JsonSerializerOptions.Web))!;
    }

    private protected static async Task<string> ProblemAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        using (response)
        {
            Assert.Equal(expected, response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
            return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!;
        }
    }

    private protected string[] OnDisk()
    {
        var folder = Path.Combine(_host.ContentRoot, "App_Data", "files");
        return Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
    }

    private protected async Task<HttpClient> SignedInAsync(string name, string role, string team)
    {
        await EnsureTeamAsync(team);
        await _host.CreatePersonAsync(name, role, team);
        var browser = _host.Browser();
        Assert.Equal("/", await PeopleHost.SignInAsync(browser, name, PeopleHost.Password));
        return browser;
    }

    private protected async Task EnsureTeamAsync(string team)
    {
        await using var db = await _host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();
        if (!await db.Teams.AnyAsync(row => row.Id == team))
        {
            db.Teams.Add(new TeamRow { Id = team, Name = team });
            await db.SaveChangesAsync();
        }
    }

    /// <summary>As the commit of a message does; the session is the uploader's.</summary>
    private protected async Task UseAsync(string fileId, string sessionId)
    {
        await using var db = await _host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();
        var row = (await db.Files.FindAsync(fileId))!;
        row.SessionId = sessionId;
        db.Sessions.Add(new SessionRow { Id = sessionId, UserId = row.UserId, TeamId = row.TeamId, Title = "t", CreatedAt = 1, UpdatedAt = 1 });
        await db.SaveChangesAsync();
    }
}
