using System.Security.Claims;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Circuits;
using Copilot.Web.Storage;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Identity;

/// <summary>All requests and pages ask about a sign-in together, and what another process changes ends it soon.</summary>
public sealed class CurrentSignInsTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private readonly SqlCommands _sql = new();
    private PeopleHost _host = null!;
    private HttpClient _browser = null!;
    private string _userId = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await PeopleHost.StartAsync(new HostSettings
        {
            Clock = _clock,
            Configure = builder => builder.Services.ConfigureDbContext<CopilotDbContext>(options => options.AddInterceptors(_sql)),
        });
        _userId = await _host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        _browser = _host.Browser();
        using var signedIn = await PeopleHost.PostFormAsync(
            _browser, "/signin", "/account/signin", ("userName", "anna"), ("password", PeopleHost.Password));
        Assert.Equal("anna", await _browser.GetStringAsync("/who"));
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Requests_NothingChanged_ReadOneNumberASecondAndNoPeople()
    {
        _sql.Clear();

        for (var second = 0; second < 3; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            for (var request = 0; request < 5; request++)
            {
                Assert.Equal("anna", await _browser.GetStringAsync("/who"));
            }
        }

        Assert.Equal(3, _sql.Count("access_revision"));
        Assert.Equal(0, _sql.Count("users"));
        Assert.Equal(0, _sql.Count("sign_ins"));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("anna", await _browser.GetStringAsync("/who"));
        Assert.NotEqual(0, _sql.Count("sign_ins"));
    }

    [Fact]
    public async Task Circuits_OfOneSignIn_ReadItOnce()
    {
        var cookie = await CookieAsync();
        await using var one = _host.Services.CreateAsyncScope();
        await using var other = _host.Services.CreateAsyncScope();
        Assert.True(await CircuitOf(one).IsCurrentAsync(cookie, CancellationToken.None));
        _sql.Clear();

        Assert.True(await CircuitOf(other).IsCurrentAsync(cookie, CancellationToken.None));

        Assert.Equal(0, _sql.Count("SELECT"));
    }

    [Theory]
    [InlineData("UPDATE sign_ins SET ended_at = 1")]
    [InlineData("DELETE FROM sign_ins")]
    [InlineData("UPDATE users SET security_stamp = 'another'")]
    [InlineData("DELETE FROM users")]
    [InlineData("UPDATE users SET lockout_end = 253370764800000000")]
    public async Task AnotherProcess_EndsTheSignIn_RequestsAndPagesEndWithinASecond(string change)
    {
        var cookie = await CookieAsync();
        await using var scope = _host.Services.CreateAsyncScope();
        Assert.True(await CircuitOf(scope).IsCurrentAsync(cookie, CancellationToken.None));
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection(_host.ConnectionString))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = change;
            await command.ExecuteNonQueryAsync();
        }

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("nobody", await _browser.GetStringAsync("/who"));
        Assert.False(await CircuitOf(scope).IsCurrentAsync(cookie, CancellationToken.None));
    }

    [Fact]
    public async Task AnotherProcess_ChangesTheRole_SignInEnds()
    {
        var command = await TestCommand.RunAsync(_host, "people", "role", "anna", "supervisor");
        Assert.Equal(0, command.ExitCode);

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("nobody", await _browser.GetStringAsync("/who"));
    }

    private async Task<ClaimsPrincipal> CookieAsync()
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<SignInManager<CopilotUser>>();
        var principal = await manager.CreateUserPrincipalAsync((await manager.UserManager.FindByIdAsync(_userId))!);
        SignInId.Set(principal, await _browser.GetStringAsync("/sign-in-id"));
        return principal;
    }

    private static CircuitStamp CircuitOf(AsyncServiceScope scope) =>
        Assert.IsType<CircuitStamp>(scope.ServiceProvider.GetRequiredService<AuthenticationStateProvider>());
}
