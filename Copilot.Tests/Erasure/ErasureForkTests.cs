using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Erasure.Retention;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Forks;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Erasure;

/// <summary>Forks go with the run that they were forked from.</summary>
public sealed class ErasureForkTests
{
    [Fact]
    public async Task Erase_RunWithForks_ErasesThemAndTheirForks()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await ErasureFixture.StartAsync(upstream.BaseUrl, options => options.Transport = TransportChoice.WebSocket);
        var run = await fixture.AnswerAsync(upstream);
        var fork = await ForkAsync(fixture, upstream, run, "ses_2");
        var forkOfIt = await ForkAsync(fixture, upstream, fork, "ses_3");
        Assert.True(await fixture.IsOnDiskAsync("Rome of ses_3"));

        await fixture.EraseAsync("ses_1");

        foreach (var (id, session) in ((string, string)[])[(fork, "ses_2"), (forkOfIt, "ses_3")])
        {
            Assert.All(await fixture.ReadAsync(id), one => Assert.True(one.IsErased));
            var request = (await fixture.Store.FindNewestAsync(session, CancellationToken.None))!;
            Assert.Equal(ErasureCause.Fork, request.Cause);
            Assert.NotNull(request.ErasedAt);
        }

        Assert.False(await fixture.IsOnDiskAsync("Rome of ses_3"));
        Assert.False(await fixture.IsOnDiskAsync("Fork of it"));

        // Nothing is asked for twice.
        Assert.Empty(await fixture.Store.ReadForksOfErasedAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Erase_ForkUnderALegalHold_WaitsAndGoesOnceItIsLifted()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await ErasureFixture.StartAsync(upstream.BaseUrl, options => options.Transport = TransportChoice.WebSocket);
        var run = await fixture.AnswerAsync(upstream);
        var fork = await ForkAsync(fixture, upstream, run, "ses_2");
        fixture.Access.Allows = (_, _, _) => true;
        Assert.Equal(RetentionChange.Done, await fixture.Retention.HoldSessionAsync("usr_admin", "ses_2", "Case 7", CancellationToken.None));

        await fixture.EraseAsync("ses_1");
        Assert.All(await fixture.ReadAsync(run), one => Assert.True(one.IsErased));
        Assert.All(await fixture.ReadAsync(fork), one => Assert.False(one.IsErased));
        Assert.Equal(ErasureProblems.Held, (await fixture.Store.FindNewestAsync("ses_2", CancellationToken.None))!.Problem);

        var hold = Assert.Single((await fixture.Retention.ListHoldsAsync("usr_admin", CancellationToken.None))!);
        Assert.Equal(RetentionChange.Done, await fixture.Retention.LiftAsync("usr_admin", hold.Id, CancellationToken.None));
        fixture.Clock.Advance(TimeSpan.FromHours(2));
        await fixture.NewErasureWorker().WorkAsync(CancellationToken.None);
        Assert.All(await fixture.ReadAsync(fork), one => Assert.True(one.IsErased));
    }

    private static async Task<string> ForkAsync(ErasureFixture fixture, ScriptedUpstream upstream, string runId, string sessionId)
    {
        await fixture.Host.Runs.WhenIdleAsync();
        var run = (await fixture.Host.Database.Events.FindAsync(runId, CancellationToken.None))!;
        var forkable = ForkableRun.Read(run, await fixture.ReadAsync(runId), upstreamStores: false)!;
        var request = RunHost.Request("", sessionId) with
        {
            Parent = new RunParent.Fork(forkable.Fork(forkable.Steps[^1], null, null, null, "Fork of it")),
        };
        var fork = Assert.IsType<StartOutcome.Started>(await fixture.Host.Runs.StartAsync(request, CancellationToken.None)).Run;
        var socket = await upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_" + sessionId, "Rome of " + sessionId));
        await fixture.Host.RestAsync(fork.RunId);
        return fork.RunId;
    }
}
