using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Copilot.Domain.Audit;
using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Retention;
using Copilot.Domain.Tools;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Audit;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Identity.Invitations;
using Copilot.Web.Runs;
using Copilot.Web.Runs.Grants;
using Copilot.Web.Runs.Personal;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.Supervising;
using Copilot.Web.Storage;
using Copilot.Web.Supervision.Incident;
using Microsoft.AspNetCore.Components;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;

namespace Copilot.Tests.Components.Access;

/// <summary>The pages for people and keys in front of the product's own services and a real database.</summary>
public abstract class AccessPagesScene : BunitContext, IAsyncLifetime
{
    private protected static readonly TimeSpan s_soon = Waiting.Limit;

    private protected readonly ManualClock _clock = new();
    private protected BunitAuthorizationContext _authorization = null!;
    private protected PeopleHost _host = null!;
    private protected BreakableContexts _reads = null!;
    private protected string _adminId = null!;
    private protected string _samId = null!;
    private protected IRenderedComponent<MudDialogProvider> _dialogs = null!;

    private protected Toasts Toasts => Services.GetRequiredService<Toasts>();

    public async ValueTask InitializeAsync()
    {
        _host = await PeopleHost.StartAsync(new HostSettings());
        _adminId = await _host.CreatePersonAsync("ada", Roles.Admin, "team_default");
        _samId = await _host.CreatePersonAsync("sam", Roles.Staff, "team_default");
        _reads = new BreakableContexts(_host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>());
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices(kit => kit.PopoverOptions.CheckForPopoverProvider = false);
        Services.AddSingleton<TimeProvider>(_clock);
        Services.AddSingleton(new PersonStore(_reads));
        Share<PeopleDirectory>();
        Share<PeopleAdministration>();
        Share<PeopleAudit>();
        Share<Invitations>();
        Share<Teams>();
        Share<ApiKeys>();
        Share<ApprovalGrants>();
        Share<PersonErasure>();
        Share<RetentionService>();
        Share<RetentionAdministration>();
        Services.AddOptions<RetentionOptions>();
        Services.AddSingleton(new LeverTargets(new ToolRegistry([]), _reads));
        Services.AddSingleton(new ToolTitles(new ToolRegistry([])));
        Services.AddSingleton(_ => ActivatorUtilities.CreateInstance<AuditAdministration>(
            _host.Services, ActivatorUtilities.CreateInstance<CheckpointMaker>(_host.Services)));
        Services.AddSingleton(new PersonNames(_reads));
        Share<IAccessLog>();
        Services.AddScoped<PageAudit>();
        Services.AddScoped<ChangingPerson>();
        Services.AddScoped<Toasts>();
        _authorization = this.AddAuthorization();
        SignIn(_adminId, "ada");
        Register();
        _dialogs = Render<MudDialogProvider>();
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await DisposeAsync();
        await _host.DisposeAsync();
    }

    private protected Invitations Invitations => _host.Services.GetRequiredService<Invitations>();

    /// <summary>Adds what a page needs besides; afterwards nothing can be added any more.</summary>
    private protected virtual void Register()
    {
    }

    private protected void Share<T>()
        where T : class => Services.AddSingleton(_ => _host.Services.GetRequiredService<T>());

    private protected void SignIn(string userId, string name) =>
        _authorization.SetAuthorized(name).SetClaims(new Claim(ClaimTypes.NameIdentifier, userId));

    private protected static UserInfo User(string id, string role) => new(id, id, "team_default", role, TimeZoneInfo.Utc);

    private protected void Answer(string button)
    {
        _dialogs.WaitForElement("[role=dialog]", s_soon);
        Button(_dialogs, button).Click();
        _dialogs.WaitForAssertion(() => Assert.Empty(_dialogs.FindAll("[role=dialog]")), s_soon);
    }

    private protected static AngleSharp.Dom.IElement Button<T>(IRenderedComponent<T> root, string text)
        where T : IComponent => root.FindAll("button").First(button => button.TextContent.Trim() == text);

    private protected sealed class BreakableContexts(IDbContextFactory<CopilotDbContext> contexts) : IDbContextFactory<CopilotDbContext>
    {
        public bool IsBroken { get; set; }

        public CopilotDbContext CreateDbContext() => IsBroken ? throw new SqliteException("disk I/O error", 10) : contexts.CreateDbContext();

        public Task<CopilotDbContext> CreateDbContextAsync(CancellationToken cancellationToken) => Task.FromResult(CreateDbContext());
    }
}
