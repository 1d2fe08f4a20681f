using System.Security.Claims;
using Copilot.Demo.Upstream;
using Copilot.Demo.Upstream.Faults;
using Copilot.Demo.Upstream.Network;
using Copilot.Domain.Runs;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Hosting;
using Copilot.Web.Identity;
using Copilot.Web.Options;
using Copilot.Web.Sessions;
using Copilot.Web.Storage;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Sessions;

/// <summary>People in a real database and the demo upstream's real switches, with nobody's run behind them.</summary>
internal sealed class FaultInjectionFixture : IAsyncDisposable
{
    private readonly PeopleHost _people;

    private FaultInjectionFixture(PeopleHost people)
    {
        _people = people;
        var options = Microsoft.Extensions.Options.Options.Create(new DemoUpstreamOptions());
        Faults = new DemoFaults(options);
        Network = new DemoNetwork(options, TimeProvider.System);
        Board = new DemoFaultInjection(Faults, Network);
    }

    public DemoFaults Faults { get; }

    public DemoNetwork Network { get; }

    public DemoFaultInjection Board { get; }

    public People People => _people.People;

    public static async Task<FaultInjectionFixture> CreateAsync() => new(await PeopleHost.StartDemoAsync());

    public Task<string> PersonAsync(string name, string role) => _people.CreatePersonAsync(name, role, "team_default");

    /// <summary>The service as a page of this person has it.</summary>
    public FaultInjectionService ServiceFor(string userId, bool isDemo, Uri? upstream) => new(
        Board,
        new CurrentUser(
            new SignedIn(userId),
            _people.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>(),
            _people.Services.GetRequiredService<IRunAccess>()),
        Microsoft.Extensions.Options.Options.Create(new DemoOptions { Enabled = isDemo }),
        new UpstreamChoice(upstream, "key"),
        NullLogger<FaultInjectionService>.Instance);

    public ValueTask DisposeAsync() => _people.DisposeAsync();

    private sealed class SignedIn(string userId) : AuthenticationStateProvider
    {
        // As a cookie that says too much would have it: only the store counts.
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(new ClaimsPrincipal(
            new ClaimsIdentity([new(ClaimTypes.NameIdentifier, userId), new(ClaimTypes.Role, Roles.Admin)], "test"))));
    }
}
