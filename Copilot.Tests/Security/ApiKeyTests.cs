using System.Net;
using Copilot.Tests.Api;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Identity;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Security;

public sealed class ApiKeyTests(DemoHost demo) : IClassFixture<DemoHost>
{
    [Fact]
    public async Task Api_WithoutKey_Answers401AlsoWithCookie()
    {
        var host = demo.Host;
        using var browser = host.Browser();
        using var signedIn = await PeopleHost.PostFormAsync(browser, "/signin", "/account/demo", ("account", "staff1"));
        Assert.Equal("staff1", await browser.GetStringAsync("/who"));

        using var response = await browser.GetAsync("/api/runs/run_1");

        await RunApiTests.AssertProblemAsync(response, HttpStatusCode.Unauthorized);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer ")]
    [InlineData("Basic demo-key")]
    [InlineData("demo-key")]
    public async Task Api_WrongKey_Answers401(string header)
    {
        var host = demo.Host;
        using var client = host.Browser();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);

        using var response = await client.GetAsync("/api/runs/run_1");

        await RunApiTests.AssertProblemAsync(response, HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("Host", "copilot.example")]
    public async Task Api_DemoKeyThroughAProxy_Answers404(string header, string value)
    {
        var host = demo.Host;
        using var client = host.Program("demo-key");
        client.DefaultRequestHeaders.TryAddWithoutValidation(header, value);

        using var response = await client.GetAsync("/api/runs/run_1");

        await RunApiTests.AssertProblemAsync(response, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Api_DemoKeyOutsideDemoMode_Answers401()
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings());
        using var client = host.Program("demo-key");

        using var response = await client.GetAsync("/api/runs/run_1");

        await RunApiTests.AssertProblemAsync(response, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Key_Created_IsStoredAsHashAndRecordsItsUse()
    {
        var clock = new ManualClock();
        await using var host = await PeopleHost.StartAsync(new HostSettings { Clock = clock });
        var keys = host.Services.GetRequiredService<ApiKeys>();
        var userId = await host.CreatePersonAsync("anna", Roles.Staff, "team_default");

        var key = await keys.CreateAsync(userId, "n8n", CancellationToken.None);

        Assert.Matches("^cpk_[0-9a-f]{64}$", key.Key);
        Assert.Null(Assert.Single(await keys.ListAsync(userId, CancellationToken.None)).LastUsedAt);
        clock.Advance(TimeSpan.FromMinutes(1));
        var caller = await keys.AuthenticateAsync(key.Key, CancellationToken.None);
        Assert.Equal(key.Id, caller?.KeyId);
        Assert.Equal(userId, caller?.User.Id);
        Assert.Equal(clock.GetUtcNow(), Assert.Single(await keys.ListAsync(userId, CancellationToken.None)).LastUsedAt);
        await using var db = await host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();
        Assert.Equal(ApiKeys.Hash(key.Key), (await db.ApiKeys.SingleAsync(row => row.Id == key.Id)).KeyHash);
    }

    [Fact]
    public async Task Key_RevokedByAnotherPerson_StillWorks()
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings());
        var keys = host.Services.GetRequiredService<ApiKeys>();
        var userId = await host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        var key = await keys.CreateAsync(userId, "n8n", CancellationToken.None);

        Assert.False(await keys.RevokeAsync("usr_other", key.Id, CancellationToken.None));

        Assert.NotNull(await keys.AuthenticateAsync(key.Key, CancellationToken.None));
        Assert.True(await keys.RevokeAsync(userId, key.Id, CancellationToken.None));
        Assert.Null(await keys.AuthenticateAsync(key.Key, CancellationToken.None));
        Assert.Empty(await keys.ListAsync(userId, CancellationToken.None));
    }

    [Fact]
    public async Task Key_OwnerUnlocked_WorksAgain()
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings());
        var keys = host.Services.GetRequiredService<ApiKeys>();
        var userId = await host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        var key = await keys.CreateAsync(userId, "n8n", CancellationToken.None);
        await host.People.LockAsync(userId, CancellationToken.None);
        Assert.Null(await keys.AuthenticateAsync(key.Key, CancellationToken.None));

        await host.People.UnlockAsync(userId, CancellationToken.None);

        Assert.NotNull(await keys.AuthenticateAsync(key.Key, CancellationToken.None));
    }
}
