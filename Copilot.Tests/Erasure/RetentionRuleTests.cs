using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Erasure.Retention;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Storage.Packing;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Erasure;

/// <summary>Rules of admins about single agents and conversations, and legal holds.</summary>
public sealed class RetentionRuleTests
{
    private const string Admin = "usr_admin";

    [Fact]
    public async Task Sweep_RulesOfAgentAndSession_TheNarrowestCounts()
    {
        await using var fixture = await StartAsync(days: 30);
        await AddAsync(fixture, "agent", "long", "short", "closed", "open");
        Assert.Equal(RetentionChange.Done, await SetAsync(fixture, RetentionScope.Agent, "agt_default", 10));
        Assert.Equal(RetentionChange.Done, await SetAsync(fixture, RetentionScope.Session, "ses_long", 20));
        Assert.Equal(RetentionChange.Done, await SetAsync(fixture, RetentionScope.Session, "ses_short", 2));
        Assert.Equal(RetentionChange.Done, await SetAsync(fixture, RetentionScope.Session, "ses_closed", null));
        Assert.Equal(RetentionChange.Done, await SetAsync(fixture, RetentionScope.Session, "ses_open", null));
        await fixture.Host.Database.Sessions.ArchiveAsync("ses_closed", archived: true, CancellationToken.None);

        fixture.Clock.AdjustTime(RunEvents.Start.AddDays(3));
        var first = await SweepAsync(fixture);
        fixture.Clock.Advance(TimeSpan.FromDays(8));
        var second = await SweepAsync(fixture);
        fixture.Clock.Advance(TimeSpan.FromDays(10));
        var third = await SweepAsync(fixture);

        Assert.Equal(["ses_closed: conversation: when closed", "ses_short: conversation: 2 days"], first);
        Assert.Equal(["ses_agent: agent agt_default: 10 days"], second);
        Assert.Equal(["ses_long: conversation: 20 days"], third);
        Assert.Empty(await SweepAsync(fixture));
        Assert.Equal(RetentionChange.Done, await fixture.Retention.RemoveRuleAsync(Admin, RetentionScope.Session, "ses_open", CancellationToken.None));
        Assert.Equal(["ses_open: agent agt_default: 10 days"], await SweepAsync(fixture));
    }

    [Fact]
    public async Task SetRuleAsync_WrongOrByOthers_ChangesNothing()
    {
        await using var fixture = await StartAsync(days: null);
        await AddAsync(fixture, "a");

        Assert.Equal(RetentionChange.Invalid, await SetAsync(fixture, RetentionScope.Session, "ses_a", 0));
        Assert.Equal(RetentionChange.NotFound, await SetAsync(fixture, RetentionScope.Session, "ses_none", 1));
        Assert.Equal(RetentionChange.NotFound, await SetAsync(fixture, RetentionScope.Agent, "agt_none", 1));
        Assert.Equal(RetentionChange.NotFound, await fixture.Retention.HoldSessionAsync(Admin, "ses_none", "Case 7", CancellationToken.None));
        Assert.Equal(RetentionChange.Invalid, await fixture.Retention.HoldSessionAsync(Admin, "ses_a", " ", CancellationToken.None));
        Assert.Equal(RetentionChange.NotFound, await fixture.Retention.LiftAsync(Admin, "hld_none", CancellationToken.None));
        fixture.Access.Allows = (_, _, _) => false;
        Assert.Equal(RetentionChange.Denied, await SetAsync(fixture, RetentionScope.Session, "ses_a", 1));
        Assert.Equal(RetentionChange.Denied, await fixture.Retention.HoldSessionAsync("usr_1", "ses_a", "Case 7", CancellationToken.None));
        Assert.Equal(RetentionChange.Denied, await fixture.Retention.LiftAsync("usr_1", "hld_none", CancellationToken.None));
        Assert.Null(await fixture.Retention.ListRulesAsync("usr_1", CancellationToken.None));
        Assert.Null(await fixture.Retention.ListHoldsAsync("usr_1", CancellationToken.None));
        fixture.Access.Allows = (_, _, _) => true;
        Assert.Empty((await fixture.Retention.ListRulesAsync(Admin, CancellationToken.None))!);
        Assert.Empty((await fixture.Retention.ListHoldsAsync(Admin, CancellationToken.None))!);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hold_OnSessionOrPerson_NothingIsErasedUntilItIsLifted(bool isPerson)
    {
        await using var fixture = await StartAsync(days: 1);
        await AddAsync(fixture, "a", "asked");
        var asked = await fixture.AskAsync("ses_asked");
        Assert.Equal(RetentionChange.Done, isPerson
            ? await fixture.Retention.HoldPersonAsync(Admin, "usr_1", "Case 7", CancellationToken.None)
            : await fixture.Retention.HoldSessionAsync(Admin, "ses_asked", "Case 7", CancellationToken.None));
        if (!isPerson)
        {
            await fixture.Retention.HoldSessionAsync(Admin, "ses_a", "Case 7", CancellationToken.None);
        }

        fixture.Clock.Advance(TimeSpan.FromDays(2));

        // Neither the rule, nor its owner, nor what was asked before.
        Assert.Equal(["ses_asked: "], await SweepAsync(fixture));
        Assert.Equal(ErasureProblems.Held, (await fixture.FindRecordAsync(asked.Id)).Request.Problem);
        var refusal = await Assert.ThrowsAsync<LegalHoldException>(() => fixture.People.RequestAsync("usr_1", "ses_a", delete: true, CancellationToken.None));
        Assert.Equal(LegalHoldException.Sentence, refusal.Message);
        Assert.NotNull(await fixture.Host.Database.Sessions.FindAsync("ses_a", CancellationToken.None));
        Assert.All(await fixture.ReadAsync("run_asked"), one => Assert.False(one.IsErased));

        foreach (var hold in (await fixture.Retention.ListHoldsAsync(Admin, CancellationToken.None))!)
        {
            Assert.Equal("Case 7", hold.Reason);
            Assert.Equal(Admin, hold.SetBy);
            Assert.Equal(RetentionChange.Done, await fixture.Retention.LiftAsync("usr_admin2", hold.Id, CancellationToken.None));
            Assert.Equal(RetentionChange.NotFound, await fixture.Retention.LiftAsync("usr_admin2", hold.Id, CancellationToken.None));
        }

        Assert.All((await fixture.Retention.ListHoldsAsync(Admin, CancellationToken.None))!, hold => Assert.Equal("usr_admin2", hold.LiftedBy));
        fixture.Clock.Advance(TimeSpan.FromHours(2));
        await SweepAsync(fixture);
        Assert.Equal(ErasureState.Forgotten, (await fixture.FindRecordAsync(asked.Id)).Request.State);
        Assert.All(await fixture.ReadAsync("run_a"), one => Assert.True(one.IsErased));
    }

    [Fact]
    public async Task Erase_PackedRun_NothingIsLeftAndTheRecordSaysWhatWasChecked()
    {
        await using var fixture = await StartAsync(days: null);
        await AddAsync(fixture, "a");
        var packer = fixture.Host.Database.Services.GetRequiredService<RunPacker>();
        while (await packer.PackNextAsync("run_a", fixture.Clock.GetUtcNow(), CancellationToken.None))
        {
        }

        var before = await fixture.ReadAsync("run_a");
        var asked = await fixture.AskAsync("ses_a");
        Assert.All(ErasureCheck.Of(await fixture.FindRecordAsync(asked.Id)), check => Assert.Null(check.Passed));
        await fixture.NewErasureWorker().WorkAsync(CancellationToken.None).Soon("the worker is done");

        var record = await fixture.FindRecordAsync(asked.Id);
        Assert.All(ErasureCheck.Of(record), check => Assert.True(check.Passed));
        var run = Assert.Single(record.Runs);
        Assert.Equal(before.Count, run.Events);
        Assert.Equal(Convert.ToHexStringLower(before[^1].Hash.Span), run.HeadHash);
        Assert.All(await fixture.ReadAsync("run_a"), one => Assert.True(one.IsErased && one.Data.IsEmpty));
        Assert.Equal(0L, await fixture.Host.Database.ScalarAsync<long>("SELECT count(*) FROM run_salts"));
        Assert.Equal(0L, await fixture.Host.Database.ScalarAsync<long>("SELECT count(*) FROM run_events"));
        Assert.False(await fixture.IsOnDiskAsync("Hello"));
    }

    private static async Task<ErasureFixture> StartAsync(int? days)
    {
        var fixture = await ErasureFixture.StartAsync(new Uri("http://127.0.0.1:9/v1"), options => options.Transport = TransportChoice.Http);
        fixture.Options.Days = days;
        fixture.Access.Allows = (_, _, _) => true;
        fixture.Clock.AdjustTime(RunEvents.Start);
        return fixture;
    }

    private static Task<RetentionChange> SetAsync(ErasureFixture fixture, RetentionScope scope, string subjectId, int? days) =>
        fixture.Retention.SetRuleAsync(Admin, scope, subjectId, days, CancellationToken.None);

    /// <summary>Conversations of one run each.</summary>
    private static async Task AddAsync(ErasureFixture fixture, params string[] names)
    {
        foreach (var name in names)
        {
            var log = new RunEvents($"run_{name}").Created($"ses_{name}", "usr_1");
            log.Own(RunEventTypes.UserMessage, """{"text":"Hello"}""");
            log.Own(RunEventTypes.RunCompleted, """{"duration_ms":1}""");
            await fixture.Host.Database.Events.AppendAsync([new RunAppend(log.Summary, log.All)], CancellationToken.None);
        }
    }

    /// <summary>A sweep, and which conversations it erased by which rule.</summary>
    private static async Task<IReadOnlyList<string>> SweepAsync(ErasureFixture fixture)
    {
        var worker = fixture.NewErasureWorker();
        await worker.SweepAsync(CancellationToken.None);
        var open = await fixture.Store.ReadToEraseAsync(CancellationToken.None);
        await worker.WorkAsync(CancellationToken.None).Soon("the worker is done");
        return [.. open.Select(one => $"{one.SessionId}: {one.Rule}").Order(StringComparer.Ordinal)];
    }
}
