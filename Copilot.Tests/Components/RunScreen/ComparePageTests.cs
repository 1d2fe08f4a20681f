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
    private CountedContexts _names = null!;

    [Fact]
    public async Task Address_ChangesWhileTwoRunsAreRead_ShowsTheNewOnesAlone()
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
        _recorded.Recorded = Task.CompletedTask;
        navigation.NavigateTo("/runs/compare?a=run_a1&b=run_c1");
        page.WaitForAssertion(() => Assert.Contains("Question c1", page.Markup, StringComparison.Ordinal), s_soon);

        // Two names for each reading: the last one is the end of the first.
        recorded.SetResult();
        await _names.WhenCreatedAsync(4).Soon("the first reading has ended");
        await page.InvokeAsync(() => { });

        Assert.Contains("Question c1", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Question b1", page.Markup, StringComparison.Ordinal);
    }

    private protected override void Register()
    {
        _names = new CountedContexts(_host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>());
        var access = _host.Services.GetRequiredService<IRunAccess>();
        var family = new RunFamily(Store, _host.Services.GetRequiredService<RunForks>(), access, NullLogger<RunFamily>.Instance);
        Services.AddSingleton(new ComparedRuns(Store, access, family, new PersonNames(_names), _recorded.Page, NullLogger<ComparedRuns>.Instance));
    }

    private EfRunEventStore Store => _host.Services.GetRequiredService<EfRunEventStore>();

    private sealed class CountedContexts(IDbContextFactory<CopilotDbContext> contexts) : IDbContextFactory<CopilotDbContext>
    {
        private readonly List<TaskCompletionSource> _created = [.. Enumerable.Range(0, 4).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        private int _count;

        public Task WhenCreatedAsync(int count) => _created[count - 1].Task;

        public CopilotDbContext CreateDbContext()
        {
            _created[Interlocked.Increment(ref _count) - 1].SetResult();
            return contexts.CreateDbContext();
        }

        public Task<CopilotDbContext> CreateDbContextAsync(CancellationToken cancellationToken) => Task.FromResult(CreateDbContext());
    }
}
