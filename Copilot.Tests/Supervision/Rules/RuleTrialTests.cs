using Copilot.Domain.Audit;
using Copilot.Tests.Api;
using Copilot.Web.Supervision.Rules;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Supervision.Rules;

/// <summary>A rule is tried on the past before it is saved: which runs, how often, and what of it is in the access log.</summary>
public sealed class RuleTrialTests : RuleScene
{
    [Fact]
    public async Task Try_RunsOfTheLastSevenDays_CountsThoseThatTheWriterSupervises()
    {
        var now = _clock.GetUtcNow();
        await StoreRunAsync("new", Staff, Team, now.AddDays(-1), 900);
        await StoreRunAsync("newer", Staff, Team, now.AddHours(-1), 2, 600, 700);
        await StoreRunAsync("old", Staff, Team, now.AddDays(-8), 900);
        await StoreRunAsync("other", Staff, OtherTeam, now.AddDays(-1), 900);
        var steps = new List<RuleTrialResult>();
        var trial = _host.Services.GetRequiredService<RuleTrial>();

        var (result, found) = await trial.RunAsync(Supervisor, s_draft with { Name = "" }, steps.Add, CancellationToken.None);

        Assert.True(result.Accepted);
        Assert.Equal(3, found!.Count);
        Assert.Equal(["run_newer", "run_newer", "run_new"], found.Moments.Select(moment => moment.RunId));
        Assert.Equal([4L, 5L, 3L], found.Moments.Select(moment => moment.Seq));
        Assert.Equal([0, 1, 2], steps.Select(step => step.Read));
        Assert.True(found.IsDone);
        Assert.Equal(4, (await trial.RunAsync(Admin, s_draft, static _ => { }, CancellationToken.None)).Found!.Count);
        Assert.Null((await trial.RunAsync(Staff, s_draft, static _ => { }, CancellationToken.None)).Found);
    }

    [Fact]
    public async Task Try_Stopped_EndsBeforeTheNextRun()
    {
        await StoreRunAsync("one", Staff, Team, _clock.GetUtcNow().AddDays(-1), 900);
        await StoreRunAsync("two", Staff, Team, _clock.GetUtcNow().AddDays(-1), 900);
        using var stop = new CancellationTokenSource();
        var steps = new List<RuleTrialResult>();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _host.Services.GetRequiredService<RuleTrial>().RunAsync(
            Supervisor,
            s_draft,
            found =>
            {
                steps.Add(found);
                if (found.Read == 1)
                {
                    stop.Cancel();
                }
            },
            stop.Token));

        Assert.Equal(1, steps[^1].Count);
        Assert.False(steps[^1].IsDone);
    }

    [Fact]
    public async Task Api_TrialThatShowsNobodyElsesRun_IsNoEntryOfTheAccessLog()
    {
        using var supervisor = await ProgramAsync(Supervisor);
        await StoreRunAsync("own", Supervisor, Team, _clock.GetUtcNow().AddDays(-1), 900);

        using var tried = await supervisor.PostAsync("/api/rules/try", Json(LargeOrder));

        Assert.Equal(1, (await RunApiTests.JsonAsync(tried)).GetProperty("count").GetInt32());
        Assert.Empty(await AccessAsync(AccessActions.RuleTried));
    }
}
