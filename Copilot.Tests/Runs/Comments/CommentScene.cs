using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Storage;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Runs.Comments;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Runs.Comments;

/// <summary>Two teams, an admin, and a run of one of the staff with three events, in a real database.</summary>
public abstract class CommentScene : IAsyncLifetime
{
    private protected const string Run = "run_a1";
    private protected const string Session = "ses_a1";

    private protected PeopleHost _host = null!;

    private protected RunComments Comments => _host.Services.GetRequiredService<RunComments>();

    private protected Mentions Mentions => _host.Services.GetRequiredService<Mentions>();

    private protected CommentChanges Changes => _host.Services.GetRequiredService<CommentChanges>();

    private protected ChangedBy Anna { get; private set; } = null!;

    private protected ChangedBy Ben { get; private set; } = null!;

    private protected ChangedBy Sue { get; private set; } = null!;

    private protected ChangedBy Ted { get; private set; } = null!;

    private protected ChangedBy Ada { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await PeopleHost.StartAsync(new HostSettings());
        await using (var db = await ContextAsync())
        {
            db.Teams.Add(new TeamRow { Id = "team_other", Name = "Other" });
            await db.SaveChangesAsync();
        }

        Anna = await PersonAsync("anna", Roles.Staff, "team_default");
        Ben = await PersonAsync("ben", Roles.Staff, "team_default");
        Sue = await PersonAsync("sue", Roles.Supervisor, "team_default");
        Ted = await PersonAsync("ted", Roles.Supervisor, "team_other");
        Ada = await PersonAsync("ada", Roles.Admin, "team_other");
        await AddRunAsync("a1", Anna);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _host.DisposeAsync();
    }

    private protected Task<CopilotDbContext> ContextAsync() => _host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();

    private protected async Task AddRunAsync(string name, ChangedBy owner)
    {
        var run = new FakeRun(name);
        run.Summary = run.Summary with { UserId = owner.UserId! };
        var store = _host.Services.GetRequiredService<EfRunEventStore>();
        await store.AppendAsync([run.Created("Where is the pump?")], CancellationToken.None);
        await store.AppendAsync([run.Completed("Done")], CancellationToken.None);
    }

    /// <summary>Sets a marker and gives its id.</summary>
    private protected async Task<string> AddAsync(ChangedBy by, string text)
    {
        var change = await Comments.AddAsync(by, Run, 2, text, clientId: null, CancellationToken.None);
        Assert.True(change.Result.Accepted, change.Result.Problem);
        return change.CommentId!;
    }

    private protected async Task<string> ReplyAsync(ChangedBy by, string marker, string text)
    {
        var change = await Comments.ReplyAsync(by, Run, marker, text, clientId: null, CancellationToken.None);
        Assert.True(change.Result.Accepted, change.Result.Problem);
        return change.CommentId!;
    }

    private protected async Task<IReadOnlyList<CommentThread>> ReadAsync() => (await Comments.ReadAsync(Anna.UserId!, Run, CancellationToken.None))!;

    private async Task<ChangedBy> PersonAsync(string name, string role, string team) => new(await _host.CreatePersonAsync(name, role, team), name, "192.0.2.7");
}
