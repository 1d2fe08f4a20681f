using Bunit;
using Copilot.Domain.Runs;
using Copilot.Tests.Components.Access;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Storage;
using Copilot.Web.Components.RunScreen.Compare;
using Copilot.Web.Identity;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.Comparing;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Runs;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Components.RunScreen;

/// <summary>The page that puts two runs side by side, in front of the product's own services and a real database.</summary>
public sealed class ComparePageTests : AccessPagesScene
{
    private readonly RecordedAccess _recorded = new();

    [Fact]
    public async Task Address_ChangesWhileTwoRunsAreRead_StopsThatAndShowsTheNewOnesAlone()
    {
        foreach (var name in (string[])["a1", "b1", "c1"])
        {
            var run = new FakeRun(name);
            run.Summary = run.Summary with { UserId = _samId };
            await Store.AppendAsync([run.Created($"Question {name}")], CancellationToken.None);
            await Store.AppendAsync([run.Completed("Done")], CancellationToken.None);
        }

        var recorded = new TaskCompletionSource();
        _recorded.Recorded = recorded.Task;
        var navigation = Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("/runs/compare?a=run_a1&b=run_b1");
        var page = Render<ComparePage>(part => part.AddCascadingValue(User(_adminId, Roles.Admin)));
        var first = _recorded.Stopped;
        Assert.False(first.IsCancellationRequested);
        _recorded.Recorded = Task.CompletedTask;
        navigation.NavigateTo("/runs/compare?a=run_a1&b=run_c1");
        page.WaitForAssertion(() => Assert.Equal(["a1"], page.FindAll(".diff-text del").Select(part => part.TextContent)), s_soon);

        Assert.True(first.IsCancellationRequested);
        var second = _recorded.Stopped;
        recorded.SetResult();
        await page.InvokeAsync(() => { });

        Assert.Equal(["c1"], page.FindAll(".diff-text ins").Select(part => part.TextContent));
        Assert.DoesNotContain("Question b1", page.Markup, StringComparison.Ordinal);
        Assert.False(second.IsCancellationRequested);
        await page.Instance.DisposeAsync();
        Assert.True(second.IsCancellationRequested);
    }

    private protected override void Register()
    {
        var contexts = _host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>();
        var access = _host.Services.GetRequiredService<IRunAccess>();
        var family = new RunFamily(Store, _host.Services.GetRequiredService<RunForks>(), access, NullLogger<RunFamily>.Instance);
        Services.AddSingleton(new ComparedRuns(Store, access, family, new PersonNames(contexts), _recorded.Page, NullLogger<ComparedRuns>.Instance));
    }

    private EfRunEventStore Store => _host.Services.GetRequiredService<EfRunEventStore>();
}
