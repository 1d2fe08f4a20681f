using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Api.Streaming;
using Copilot.Web.Identity;
using Copilot.Web.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Files;

/// <summary>Who is locked in the middle of a download or an upload does not get to its end, however slowly they read or send.</summary>
public sealed class TransferEndTests : IAsyncLifetime
{
    // More than the sockets between both hold.
    private const int Bytes = 40_000_000;

    private readonly ManualClock _clock = new();
    private PeopleHost _host = null!;
    private string _userId = null!;
    private HttpClient _browser = null!;
    private HttpClient _program = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await PeopleHost.StartAsync(new HostSettings
        {
            Clock = _clock,
            Values = new() { ["Upstream:BaseUrl"] = "http://127.0.0.1:9/v1", ["Files:MaxBytes"] = "50000000", ["Limits:MinFreeBytes"] = "0" },
        });
        _userId = await _host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        _browser = _host.Browser();
        Assert.Equal("/", await PeopleHost.SignInAsync(_browser, "anna", PeopleHost.Password));
        var (key, _) = await _host.Services.GetRequiredService<ApiKeys>().CreateAsync(
            TestKeys.Owner(_userId), _userId, new ApiKeyRequest("k", ApiScopes.All, _clock.GetUtcNow().AddDays(1)), CancellationToken.None);
        _program = _host.Program(key!.Key);
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        _program.Dispose();
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData(true, "lock")]
    [InlineData(false, "lock")]
    [InlineData(true, "role")]
    [InlineData(false, "role")]
    public async Task Download_AccessEndsInItsMiddle_IsCut(bool isBrowser, string how)
    {
        using var uploaded = await _program.PostAsync("/api/files?name=a.bin", new ByteArrayContent(new byte[Bytes]));
        var id = (await uploaded.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        using var response = await (isBrowser ? _browser : _program).GetAsync(
            isBrowser ? $"/files/{id}" : $"/api/files/{id}/content", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        await EndAsync(how);
        await using var body = await response.Content.ReadAsStreamAsync();

        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null).Soon("the download ends"));
    }

    [Fact]
    public async Task Upload_AccessEndsInItsMiddle_IsCutAndNothingIsStored()
    {
        using var sender = new TcpClient();
        await sender.ConnectAsync(_host.Address.Host, _host.Address.Port);
        await using var stream = sender.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/files?name=a.bin HTTP/1.1\r\nHost: {_host.Address.Authority}\r\nAuthorization: {_program.DefaultRequestHeaders.Authorization}\r\nContent-Length: {Bytes}\r\n\r\npiece"));
        await WhenReceivingAsync();

        await EndAsync("lock");

        var received = new byte[1];
        Assert.True(await IsCutAsync().Soon("the upload ends"));
        // Until the request has ended, too.
        await _host.App.StopAsync();
        Assert.Empty(Received());

        async Task<bool> IsCutAsync()
        {
            try
            {
                return await stream.ReadAsync(received) == 0;
            }
            catch (IOException)
            {
                return true;
            }
        }
    }

    // An upload has a file of its own from its first bytes on.
    private async Task WhenReceivingAsync()
    {
        using var watcher = new FileSystemWatcher(_host.ContentRoot) { IncludeSubdirectories = true, EnableRaisingEvents = true };
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Created += (_, created) =>
        {
            if (Received().Any())
            {
                seen.TrySetResult();
            }
        };
        if (!Received().Any())
        {
            await seen.Task.Soon("the upload begins");
        }
    }

    private IEnumerable<string> Received() => Directory.GetFiles(_host.ContentRoot, "*", SearchOption.AllDirectories)
        .Where(file => file.Contains($"{Path.DirectorySeparatorChar}files{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private async Task EndAsync(string how)
    {
        string[] command = how == "lock" ? ["people", "lock", "anna"] : ["people", "role", "anna", Roles.Supervisor];
        Assert.Equal(0, (await TestCommand.RunAsync(_host, command)).ExitCode);
        _clock.Advance(AccessWatches.Interval);
    }
}
