using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Identity;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Runs;
using Copilot.Web.Supervision;
using Copilot.Web.Supervision.Alerts;
using Copilot.Web.Supervision.Help;
using Copilot.Web.Supervision.Incident;
using Copilot.Web.Supervision.Rules;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Supervision;

/// <summary>Two teams with staff and supervisors, an admin, and scripted runs.</summary>
public abstract class SupervisionScene : IAsyncLifetime
{
    private protected const string Team = "team_default";
    private protected const string OtherTeam = "team_other";

    private protected readonly ManualClock _clock = new();
    private protected PeopleHost _host = null!;

    private protected string Staff { get; private set; } = "";

    private protected string Supervisor { get; private set; } = "";

    private protected string SecondSupervisor { get; private set; } = "";

    private protected string OtherSupervisor { get; private set; } = "";

    private protected string Admin { get; private set; } = "";

    private protected HelpRequests Help => _host.Services.GetRequiredService<HelpRequests>();

    private protected RunAlerts Alerts => _host.Services.GetRequiredService<RunAlerts>();

    private protected IRunPresence Presence => _host.Services.GetRequiredService<IRunPresence>();

    private protected Levers Levers => _host.Services.GetRequiredService<Levers>();

    private protected EfRunEventStore Store { get; private set; } = null!;

    private protected SupervisionRules Rules => _host.Services.GetRequiredService<SupervisionRules>();

    public async ValueTask InitializeAsync()
    {
        _host = await PeopleHost.StartAsync(new HostSettings
        {
            Clock = _clock,
            Configure = builder =>
            {
                builder.Services.AddSingleton<AlertReports>();
                builder.Services.AddSingleton<RunAlerts>();
                // Rules are tried on what is stored.
                builder.Services.AddSingleton(all => ActivatorUtilities.CreateInstance<RuleTrial>(all, Store));
                builder.Services.Configure<AlertOptions>(options => options.Webhooks.Add(
                    new AlertWebhookOptions { Url = new Uri("https://example.com/alerts"), Secret = "a-secret-of-24-letters--", Kinds = { "tool_overdue" } }));
            },
        });
        Store = ActivatorUtilities.CreateInstance<EfRunEventStore>(_host.Services);
        await using (var db = await _host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync())
        {
            db.Teams.Add(new TeamRow { Id = OtherTeam, Name = "Other" });
            await db.SaveChangesAsync();
        }

        Staff = await _host.CreatePersonAsync("staff", Roles.Staff, Team);
        Supervisor = await _host.CreatePersonAsync("sue", Roles.Supervisor, Team);
        SecondSupervisor = await _host.CreatePersonAsync("sam", Roles.Supervisor, Team);
        OtherSupervisor = await _host.CreatePersonAsync("ted", Roles.Supervisor, OtherTeam);
        Admin = await _host.CreatePersonAsync("ada", Roles.Admin, Team);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Store.Dispose();
        await _host.DisposeAsync();
    }

    private protected async Task<RunSummary> StartRunAsync(string userId)
    {
        var request = RunHost.Request("Which pumps do we have?", RunIds.NewSession(_clock)) with { Owner = new RunOwner(userId, Team) };
        return Assert.IsType<StartOutcome.Started>(await _host.Runs.StartAsync(request, CancellationToken.None)).Run;
    }

    /// <summary>Requests for help of their own over the same database: what a restart sees.</summary>
    private protected HelpRequests NewHelp() => ActivatorUtilities.CreateInstance<HelpRequests>(_host.Services);

    /// <summary>Levers of their own over the same database: what a restart sees.</summary>
    private protected Levers NewLevers() => ActivatorUtilities.CreateInstance<Levers>(_host.Services);
}
