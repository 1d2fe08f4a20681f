using Bunit;
using Copilot.Domain.Audit;
using Copilot.Tests.Components.Access;
using Copilot.Web.Audit;
using Copilot.Web.Components.Audit;
using Copilot.Web.Identity;
using Copilot.Web.Storage;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Components.Audit;

/// <summary>The audit's page in front of the product's own services and a real database.</summary>
public sealed class AuditPageTests : AccessPagesScene
{
    [Fact]
    public async Task AuditPage_Filter_IsInTheAddress_AndReadingIsAnEntry()
    {
        await RecordAsync("run_1", "Ada", "192.0.2.7");
        await RecordAsync("run_2", "Bea", "192.0.2.8");
        var page = RenderAudit();
        Assert.Contains("run_1", page.Markup, StringComparison.Ordinal);
        Assert.Contains("run_2", page.Markup, StringComparison.Ordinal);

        page.Find("form input").Change("Bea");
        page.Find("form").Submit();

        page.WaitForAssertion(() => Assert.DoesNotContain("run_1", page.Markup, StringComparison.Ordinal), s_soon);
        Assert.Contains("run_2", page.Markup, StringComparison.Ordinal);
        Assert.EndsWith("/admin/audit?person=Bea", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
        await using var db = await ContextAsync();
        Assert.Equal(
            [AuditText.Everything, "person Bea"],
            await db.AccessLog.Where(row => row.Action == AccessActions.AuditRead).OrderBy(row => row.Seq).Select(row => row.After).ToListAsync());
    }

    [Fact]
    public async Task AuditPage_Older_ShowsWhatIsBeforeWithoutAHole()
    {
        for (var number = 0; number < 60; number++)
        {
            await RecordAsync($"run_{number:000}", "Ada", "192.0.2.7");
        }

        var page = RenderAudit();
        Assert.DoesNotContain("run_005", page.Markup, StringComparison.Ordinal);
        Button(page, AuditPageText.Older).Click();

        page.WaitForAssertion(() => Assert.Contains("run_000", page.Markup, StringComparison.Ordinal), s_soon);
        Assert.Equal(
            Enumerable.Range(0, 60).Select(number => $"run_{number:000}").Reverse(),
            page.FindAll("a.audit-cell").Select(link => link.TextContent));
    }

    [Fact]
    public async Task AuditPage_Verify_SaysThatAllIsWhole_ThenWhichEntryIsNot()
    {
        await RecordAsync("run_1", "Ada", "192.0.2.7");
        var page = RenderAudit();
        Button(page, AuditPageText.Verify).Click();
        page.WaitForAssertion(() => Assert.Contains(AuditText.Intact, page.Markup, StringComparison.Ordinal), s_soon);

        await using var db = await ContextAsync();
        await db.WriteAsync(
            async token =>
            {
                await db.Database.ExecuteSqlRawAsync("DROP TRIGGER access_log_no_update", token);
                return await db.Database.ExecuteSqlRawAsync("UPDATE access_log SET address = '192.0.2.9' WHERE object_id = 'run_1'", token);
            },
            CancellationToken.None);
        var seq = await db.AccessLog.Where(row => row.ObjectId == "run_1").Select(row => row.Seq).SingleAsync();
        Button(page, AuditPageText.Verify).Click();

        page.WaitForAssertion(() => Assert.Contains($"Access log: entry {seq} was changed.", page.Markup, StringComparison.Ordinal), s_soon);
        Assert.DoesNotContain(AuditText.Intact, page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void AuditPage_SomebodyWhoIsNoAdmin_IsToldSo()
    {
        SignIn(_samId, "sam");

        var page = Render<AuditPage>(with => with.AddCascadingValue(User(_samId, Roles.Staff)));

        page.WaitForAssertion(() => Assert.Contains(AuditPageText.AdminsOnly, page.Markup, StringComparison.Ordinal), s_soon);
    }

    private Task<CopilotDbContext> ContextAsync() => _host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();

    private Task RecordAsync(string objectId, string actor, string address) => _host.Services.GetRequiredService<IAccessLog>().RecordAsync(
        new AccessEntry { Action = AccessActions.RunOpened, ActorName = actor, Address = address, ObjectId = objectId }, CancellationToken.None);

    private IRenderedComponent<AuditPage> RenderAudit()
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/admin/audit");
        var page = Render<AuditPage>(with => with.AddCascadingValue(User(_adminId, Roles.Admin)));
        page.WaitForElement("form", s_soon);
        return page;
    }
}
