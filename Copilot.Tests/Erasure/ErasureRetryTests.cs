using Copilot.Domain.Erasure.Records;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Erasure;

/// <summary>Deletions that do not succeed at once, and when they are tried again.</summary>
public sealed class ErasureRetryTests
{
    [Fact]
    public async Task Work_DeleteFailsTwice_IsRetriedWithGrowingDelays()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await ErasureWorkerUpstreamTests.StartAsync(upstream);
        await ErasureWorkerUpstreamTests.RunAsync(fixture, upstream, "resp_1");
        var asked = await fixture.AskAsync("ses_1");

        var waits = new List<TimeSpan>();
        for (var failure = 1; failure <= 2; failure++)
        {
            var next = await ErasureWorkerUpstreamTests.WorkAsync(fixture, upstream, ("DELETE", 500, ErasureWorkerUpstreamTests.Broken));
            var response = Assert.Single((await fixture.FindRecordAsync(asked.Id)).Responses);
            Assert.Equal(ErasureProofState.Pending, response.State);
            Assert.Equal(500, response.DeleteStatus);
            Assert.Null(response.GetStatus);
            Assert.Equal(failure, response.Attempts);
            Assert.Equal("The upstream answered 500 (InternalServerError).", response.Problem);
            Assert.Equal(response.NextAt, next);
            waits.Add(next!.Value - fixture.Clock.GetUtcNow());

            // Not before its time.
            await fixture.NewErasureWorker().WorkAsync(CancellationToken.None).Soon("nothing is due");
            fixture.Clock.Advance(waits[^1] + TimeSpan.FromMilliseconds(1));
        }

        Assert.Null(await ErasureWorkerUpstreamTests.WorkAsync(fixture, upstream, ("DELETE", 200, ErasureWorkerUpstreamTests.Deleted), ("GET", 404, ErasureWorkerUpstreamTests.Unknown)));

        Assert.InRange(waits[0], fixture.Options.RetryDelay / 2, fixture.Options.RetryDelay);
        Assert.InRange(waits[1], fixture.Options.RetryDelay, fixture.Options.RetryDelay * 2);
        Assert.Equal(ErasureProofState.Verified, Assert.Single((await fixture.FindRecordAsync(asked.Id)).Responses).State);
    }

    [Fact]
    public async Task Work_DeletedAndStillThere_IsNotProven()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await ErasureWorkerUpstreamTests.StartAsync(upstream);
        await ErasureWorkerUpstreamTests.RunAsync(fixture, upstream, "resp_1");
        var asked = await fixture.AskAsync("ses_1");

        await ErasureWorkerUpstreamTests.WorkAsync(fixture, upstream, ("DELETE", 200, ErasureWorkerUpstreamTests.Deleted), ("GET", 200, ErasureWorkerUpstreamTests.Stored));

        var evidence = await fixture.FindRecordAsync(asked.Id);
        var response = Assert.Single(evidence.Responses);
        Assert.Equal(ErasureState.Verifying, evidence.Request.State);
        Assert.Null(evidence.Request.FinishedAt);
        Assert.Equal(ErasureProofState.Pending, response.State);
        Assert.Equal(200, response.DeleteStatus);
        Assert.Equal(200, response.GetStatus);
        Assert.Null(response.VerifiedAt);

        for (var attempt = 2; attempt <= 5; attempt++)
        {
            fixture.Clock.Advance(fixture.Options.MaxRetryDelay);
            await ErasureWorkerUpstreamTests.WorkAsync(fixture, upstream, ("DELETE", 404, ErasureWorkerUpstreamTests.Unknown), ("GET", 200, ErasureWorkerUpstreamTests.Stored));
        }

        Assert.Equal(ErasureProofState.Failed, Assert.Single((await fixture.FindRecordAsync(asked.Id)).Responses).State);
        Assert.True(await fixture.People.RetryAsync(ErasureFixture.Owner, asked.Id, CancellationToken.None));
        await ErasureWorkerUpstreamTests.WorkAsync(fixture, upstream, ("DELETE", 404, ErasureWorkerUpstreamTests.Unknown), ("GET", 404, ErasureWorkerUpstreamTests.Unknown));
        Assert.Equal(ErasureState.Forgotten, (await fixture.FindRecordAsync(asked.Id)).Request.State);
    }

    [Theory]
    [InlineData(404, "<html>nothing here</html>", "Upstream:BaseUrl")]
    [InlineData(404, """{"detail":"Not Found"}""", "Upstream:BaseUrl")]
    [InlineData(401, ErasureWorkerUpstreamTests.Broken, "Upstream:ApiKey")]
    [InlineData(405, "", "cannot delete")]
    public async Task Work_AnswerThatProvesNothing_FailsAtOnceAndIsRetried(int status, string body, string says)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await ErasureWorkerUpstreamTests.StartAsync(upstream);
        await ErasureWorkerUpstreamTests.RunAsync(fixture, upstream, "resp_1");
        var asked = await fixture.AskAsync("ses_1");

        var next = await ErasureWorkerUpstreamTests.WorkAsync(fixture, upstream, ("DELETE", status, body));

        var response = Assert.Single((await fixture.FindRecordAsync(asked.Id)).Responses);
        Assert.Equal(ErasureProofState.Failed, response.State);
        Assert.Equal(status, response.DeleteStatus);
        Assert.Equal(1, response.Attempts);
        Assert.Contains(says, response.Problem, StringComparison.Ordinal);
        // The stored proof repeats neither the key nor the upstream's message.
        Assert.DoesNotContain("secret", response.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("test-key", response.Problem, StringComparison.Ordinal);
        fixture.Clock.Advance(next!.Value - fixture.Clock.GetUtcNow() + TimeSpan.FromMilliseconds(1));
        await ErasureWorkerUpstreamTests.WorkAsync(fixture, upstream, ("DELETE", 200, ErasureWorkerUpstreamTests.Deleted), ("GET", 404, "gone"));
        Assert.Equal(ErasureState.Forgotten, (await fixture.FindRecordAsync(asked.Id)).Request.State);
    }

    [Fact]
    public async Task Work_UpstreamUnavailable_ContinuesWhenItIsBack()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await ErasureWorkerUpstreamTests.StartAsync(upstream);
        await ErasureWorkerUpstreamTests.RunAsync(fixture, upstream, "resp_1");
        await ErasureWorkerUpstreamTests.RunAsync(fixture, upstream, "resp_2");
        var asked = await fixture.AskAsync("ses_1");

        var work = fixture.NewErasureWorker().WorkAsync(CancellationToken.None);
        (await upstream.NextPostAsync()).Cut();
        var next = await work.Soon("the worker is done for now");

        // The second one was not even tried: it would have met the same.
        Assert.Equal([1, 0], (await fixture.FindRecordAsync(asked.Id)).Responses.Select(response => response.Attempts));
        Assert.Equal("The upstream could not be reached.", (await fixture.FindRecordAsync(asked.Id)).Responses[0].Problem);
        fixture.Clock.Advance(next!.Value - fixture.Clock.GetUtcNow() + TimeSpan.FromMilliseconds(1));
        await ErasureWorkerUpstreamTests.WorkAsync(fixture, upstream, ("DELETE", 200, ErasureWorkerUpstreamTests.Deleted), ("GET", 404, ErasureWorkerUpstreamTests.Unknown), ("DELETE", 200, ErasureWorkerUpstreamTests.Deleted), ("GET", 404, ErasureWorkerUpstreamTests.Unknown));
        Assert.Equal(ErasureState.Forgotten, (await fixture.FindRecordAsync(asked.Id)).Request.State);
    }

    [Fact]
    public async Task Work_UpstreamAsksToWait_WaitsThatLong()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await ErasureWorkerUpstreamTests.StartAsync(upstream);
        await ErasureWorkerUpstreamTests.RunAsync(fixture, upstream, "resp_1");
        await fixture.AskAsync("ses_1");

        var work = fixture.NewErasureWorker().WorkAsync(CancellationToken.None);
        await (await upstream.NextPostAsync()).RespondAsync(429, "application/json", ErasureWorkerUpstreamTests.Broken, ("Retry-After", "120"));

        var next = await work.Soon("the worker is done for now");
        Assert.Equal(fixture.Clock.GetUtcNow().AddSeconds(120), next!.Value, TimeSpan.FromMilliseconds(1));
    }
}
