using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Storage;
using Copilot.Web.Identity;
using Copilot.Web.Runs;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Supervision;
using Copilot.Web.Supervision;
using Copilot.Web.Supervision.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Supervision;

/// <summary>Who has a run in their care, from when to when, also across a restart.</summary>
public sealed class RunClaimsTests : SupervisionScene
{
    private RunClaims Claims => _host.Services.GetRequiredService<RunClaims>();

    [Fact]
    public async Task Claim_AfterARestart_IsStillTheirs_AndOfRunsThatEndedMeanwhileNobodys()
    {
        var (works, ended, stranded) = (await WriteAsync("works"), await WriteAsync("ended"), await WriteAsync("stranded"));
        foreach (var run in new[] { works, ended, stranded })
        {
            Assert.True((await Claims.ClaimAsync(Supervisor, run.Summary, CancellationToken.None)).Accepted);
        }

        var claim = Presence.ClaimOf("run_works");
        Assert.Equal("sue", claim!.Name);
        await Store.AppendAsync([ended.Completed("done")], CancellationToken.None);
        stranded.Summary = stranded.Summary with { Status = RunStatus.Interrupted };
        await Store.AppendAsync([stranded.Append(("run.interrupted", "{}"))], CancellationToken.None);
        _clock.Advance(LiveRows.InterruptedLifetime + TimeSpan.FromMinutes(1));
        var restarted = ActivatorUtilities.CreateInstance<RunPresence>(_host.Services);
        using var claims = ActivatorUtilities.CreateInstance<RunClaims>(_host.Services, restarted);

        await claims.LoadAsync(CancellationToken.None);
        Assert.Equal(claim, restarted.ClaimOf("run_works"));

        await claims.StartAsync(CancellationToken.None);
        await WhenAsync(restarted, () => restarted.ClaimOf("run_ended") is null && restarted.ClaimOf("run_stranded") is null, "what is over is given back");
        await WhenWrittenAsync(claims);
        await claims.StopAsync(CancellationToken.None);
        Assert.Equal(claim, restarted.ClaimOf("run_works"));
        Assert.Equal(ClaimEnd.RunEnded, (await RowOfAsync("run_ended")).EndedBecause);
        Assert.Equal(ClaimEnd.RunEnded, (await RowOfAsync("run_stranded")).EndedBecause);
        Assert.Null((await RowOfAsync("run_works")).EndedAt);
    }

    [Fact]
    public async Task Claim_IsKeptWithWhoAndWhen_AndTheSecondIsToldWhoWasFirst()
    {
        var run = await WriteAsync("a");
        var results = await Task.WhenAll(
            Task.Run(() => Claims.ClaimAsync(Supervisor, run.Summary, CancellationToken.None)),
            Task.Run(() => Claims.ClaimAsync(SecondSupervisor, run.Summary, CancellationToken.None)));

        var first = Presence.ClaimOf("run_a")!;
        var lost = Assert.Single(results, result => !result.Accepted);
        Assert.Equal(RunClaimsText.ClaimedBy(first.Name), lost.Problem);
        var row = await RowOfAsync("run_a");
        Assert.Equal(first.UserId, row.ClaimedBy);
        Assert.Equal(first.Name, row.ClaimedByName);
        Assert.Equal(UnixMicroseconds.From(_clock.GetUtcNow()), row.ClaimedAt);

        // What somebody else has is not theirs to give back.
        var other = first.UserId == Supervisor ? SecondSupervisor : Supervisor;
        await Claims.ReleaseAsync(other, "run_a", CancellationToken.None);
        Assert.Equal(first, Presence.ClaimOf("run_a"));
        _clock.Advance(TimeSpan.FromMinutes(3));
        await Claims.ReleaseAsync(first.UserId, "run_a", CancellationToken.None);

        Assert.Null(Presence.ClaimOf("run_a"));
        row = await RowOfAsync("run_a");
        Assert.Equal(ClaimEnd.Released, row.EndedBecause);
        Assert.Equal(row.ClaimedAt + 180_000_000, row.EndedAt);
        Assert.True((await Claims.ClaimAsync(other, run.Summary, CancellationToken.None)).Accepted);
        Assert.Equal(other, Presence.ClaimOf("run_a")?.UserId);
    }

    [Fact]
    public async Task Claim_MadeWhenTheRunHasLeftTheWall_Ends_AndOneOfBeforeTheStartWaitsForItsRun()
    {
        var run = await WriteAsync("a");
        Assert.True((await Claims.ClaimAsync(Supervisor, run.Summary, CancellationToken.None)).Accepted);
        var restarted = ActivatorUtilities.CreateInstance<RunPresence>(_host.Services);
        using var later = ActivatorUtilities.CreateInstance<RunClaims>(_host.Services, restarted);
        await later.LoadAsync(CancellationToken.None);
        await later.StartAsync(CancellationToken.None);
        later.EndMissing(_ => false);
        await WhenWrittenAsync(later);
        await later.StopAsync(CancellationToken.None);
        Assert.NotNull(restarted.ClaimOf("run_a"));

        await Claims.StartAsync(CancellationToken.None);
        Claims.EndMissing(runId => runId == "run_a");
        await WhenWrittenAsync(Claims);
        Assert.NotNull(Presence.ClaimOf("run_a"));

        // The wall has no such run.
        var wall = _host.Services.GetRequiredService<LiveRows>();
        wall.Tick();
        wall.Tick();
        await WhenAsync(Presence, () => Presence.ClaimOf("run_a") is null, "the claim ends");
        await WhenWrittenAsync(Claims);
        await Claims.StopAsync(CancellationToken.None);
        Assert.Equal(ClaimEnd.RunEnded, (await RowOfAsync("run_a")).EndedBecause);

        Assert.True((await Claims.ClaimAsync(SecondSupervisor, run.Summary, CancellationToken.None)).Accepted);
    }

    [Fact]
    public async Task Claim_ByWhoMayNotSeeTheRun_IsNotFound()
    {
        var run = await WriteAsync("a");
        foreach (var stranger in new[] { Staff, OtherSupervisor, "usr_none" })
        {
            Assert.Equal(RefusalCode.NotFound, (await Claims.ClaimAsync(stranger, run.Summary, CancellationToken.None)).Code);
        }

        Assert.Null(Presence.ClaimOf("run_a"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Claim_RoleIsTaken_Ends_AlsoWhenThatHappensWhileTheServerIsDown(bool isDown)
    {
        var run = await WriteAsync("a");
        Assert.True((await Claims.ClaimAsync(Supervisor, run.Summary, CancellationToken.None)).Accepted);
        var restarted = ActivatorUtilities.CreateInstance<RunPresence>(_host.Services);
        var (presence, claims) = isDown ? (restarted, ActivatorUtilities.CreateInstance<RunClaims>(_host.Services, restarted)) : (Presence, Claims);
        if (isDown)
        {
            await _host.People.SetRolesAsync(Supervisor, [Roles.Staff], CancellationToken.None);
            await claims.LoadAsync(CancellationToken.None);
        }

        await claims.StartAsync(CancellationToken.None);
        if (!isDown)
        {
            // Another change of the person leaves it as it is.
            await _host.People.SetRolesAsync(Supervisor, [Roles.Admin], CancellationToken.None);
            await _host.People.SetRolesAsync(Supervisor, [Roles.Staff], CancellationToken.None);
        }

        await WhenAsync(presence, () => presence.ClaimOf("run_a") is null, "the claim ends");
        await WhenWrittenAsync(claims);
        await claims.StopAsync(CancellationToken.None);
        Assert.Equal(ClaimEnd.AccessEnded, (await RowOfAsync("run_a")).EndedBecause);
    }

    private static async Task WhenAsync(IRunPresence presence, Func<bool> isIt, string phase)
    {
        for (var changed = presence.Changed; !isIt(); changed = presence.Changed)
        {
            await changed.Soon(phase);
        }
    }

    // The row is written after it is shown: the next change waits for that.
    private Task<CommandResult> WhenWrittenAsync(RunClaims claims) => claims.ReleaseAsync(Supervisor, "run_none", CancellationToken.None);

    private async Task<FakeRun> WriteAsync(string name)
    {
        var run = new FakeRun(name);
        run.Summary = run.Summary with { TeamId = Team, UserId = Staff };
        await Store.AppendAsync([run.Created("Where is it?")], CancellationToken.None);
        await Store.AppendAsync([run.Started()], CancellationToken.None);
        return run;
    }

    private async Task<RunClaimRow> RowOfAsync(string runId)
    {
        await using var db = await _host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();
        return await db.RunClaims.AsNoTracking().SingleAsync(row => row.RunId == runId);
    }
}
