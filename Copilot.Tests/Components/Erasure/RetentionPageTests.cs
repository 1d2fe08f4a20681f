using Bunit;
using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Retention;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Components.Access;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Components;
using Copilot.Web.Components.Admin;
using Copilot.Web.Identity;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Audit;
using Copilot.Web.Storage.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Components.Erasure;

/// <summary>The page about retention rules and legal holds.</summary>
public sealed class RetentionPageTests : AccessPagesScene
{
    private RetentionService Retention => _host.Services.GetRequiredService<RetentionService>();

    [Fact]
    public async Task RetentionPage_RulesAndHolds_AreSetShownAndTakenBack()
    {
        await AddSessionAsync();
        var page = RenderPage(_adminId, Roles.Admin);

        page.Find("input[type=number]").Change("10");
        await page.FindAll("form")[0].SubmitAsync();
        page.WaitForAssertion(() => Assert.Contains("Deleted 10 days after its last activity", List(page, RetentionText.Rules), StringComparison.Ordinal), s_soon);
        page.FindAll("form")[0].QuerySelectorAll("select")[0].Change("");
        page.WaitForElement($"section[aria-label='{RetentionText.Rules}'] input[maxlength='100']", s_soon).Change("ses_none");
        page.FindAll("form")[0].QuerySelectorAll("select")[1].Change("True");
        await page.FindAll("form")[0].SubmitAsync();
        page.WaitForAssertion(() => Assert.Equal(RetentionText.NotFound, page.Find("[role=alert]").TextContent), s_soon);
        page.Find($"section[aria-label='{RetentionText.Rules}'] input[maxlength='100']").Change("ses_1");
        await page.FindAll("form")[0].SubmitAsync();
        page.WaitForAssertion(() => Assert.Contains("Conversation ses_1", List(page, RetentionText.Rules), StringComparison.Ordinal), s_soon);
        page.Find("button[aria-label='Remove: Conversation ses_1']").Click();
        Answer(RetentionText.Remove);
        page.WaitForAssertion(() => Assert.DoesNotContain("ses_1", List(page, RetentionText.Rules), StringComparison.Ordinal), s_soon);
        Assert.Equal([10], (await Retention.ListRulesAsync(_adminId, CancellationToken.None))!.Select(rule => rule.Days));

        page.FindAll("form")[1].QuerySelector("select")!.Change(_samId);
        page.Find("input[maxlength='500']").Change("Case 7 <b>");
        await page.FindAll("form")[1].SubmitAsync();
        page.WaitForAssertion(() => Assert.Contains("All conversations of sam", List(page, RetentionText.Holds), StringComparison.Ordinal), s_soon);
        Assert.Contains("Case 7 <b>", List(page, RetentionText.Holds), StringComparison.Ordinal);
        await Assert.ThrowsAsync<LegalHoldException>(
            () => _host.Services.GetRequiredService<ErasureService>().RequestAsync(_samId, "ses_1", delete: true, CancellationToken.None));
        page.Find("button[aria-label='Lift: All conversations of sam']").Click();
        Answer(RetentionText.Lift);
        page.WaitForAssertion(() => Assert.Contains("Lifted by ada", List(page, RetentionText.Holds), StringComparison.Ordinal), s_soon);
        Assert.NotNull(await _host.Services.GetRequiredService<ErasureService>().RequestAsync(_samId, "ses_1", delete: true, CancellationToken.None));
    }

    [Fact]
    public void RetentionPage_NotAnAdmin_IsDenied()
    {
        SignIn(_samId, "sam");
        var page = RenderPage(_samId, Roles.Staff);

        page.WaitForAssertion(() => Assert.Contains(ErasureText.AdminsOnly, page.Markup, StringComparison.Ordinal), s_soon);
        Assert.Empty(page.FindAll("form"));
    }

    private IRenderedComponent<RetentionPage> RenderPage(string userId, string role)
    {
        var page = Render<RetentionPage>(with => with.AddCascadingValue(User(userId, role)));
        page.WaitForAssertion(() => Assert.DoesNotContain(RetentionText.Loading, page.Markup, StringComparison.Ordinal), s_soon);
        return page;
    }

    private static string List(IRenderedComponent<RetentionPage> page, string name) => page.Find($"ul[aria-label='{name}']").TextContent;

    private async Task AddSessionAsync()
    {
        var log = new RunEvents("run_1").Created("ses_1", _samId);
        log.Own(RunEventTypes.RunCompleted, """{"duration_ms":1}""");
        using var store = new EfRunEventStore(
            _host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>(), _host.Services.GetRequiredService<WriteLock>(), new ChangedChains());
        await store.AppendAsync([new RunAppend(log.Summary, log.All)], CancellationToken.None);
    }
}
