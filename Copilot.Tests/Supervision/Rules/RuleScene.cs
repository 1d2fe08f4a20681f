using System.Text;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Supervision.Rules;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Storage;
using Copilot.Web.Identity;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Audit;
using Copilot.Web.Supervision.Rules;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Supervision.Rules;

/// <summary>A rule about large orders, programs that write it, and runs of the past to try it on.</summary>
public abstract class RuleScene : SupervisionScene
{
    private protected const string LargeOrder = """{"name":"Large orders","kind":"argument","argument":"quantity","comparison":"above","value":"500","effect":"approval"}""";

    private protected static readonly RuleDraft s_draft = new(
        "Large orders",
        new RuleCondition { Kind = RuleConditionKind.Argument, Argument = "quantity", Comparison = RuleComparison.Above, Value = "500" },
        RuleEffect.Approval);

    private protected RulesInForce InForce => _host.Services.GetRequiredService<RulesInForce>();

    private protected async Task<IReadOnlyList<AccessRow>> AccessAsync(string action)
    {
        await using var db = await _host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();
        return await db.AccessLog.AsNoTracking().Where(entry => entry.Action == action).ToListAsync();
    }

    private protected static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private protected async Task<string> CreateAsync(string userId)
    {
        var created = await Rules.CreateAsync(TestKeys.Owner(userId), s_draft, CancellationToken.None);
        Assert.True(created.Result.Accepted);
        return created.Rule!.What.Id;
    }

    private protected async Task<HttpClient> ProgramAsync(string userId) =>
        _host.Program((await _host.Services.GetRequiredService<ApiKeys>().CreateAsync(userId, "test", CancellationToken.None)).Key);

    /// <summary>A run of the past that asked for orders of these quantities, one event each from the third on.</summary>
    private protected async Task StoreRunAsync(string name, string userId, string team, DateTimeOffset at, params int[] quantities)
    {
        var run = new FakeRun(name);
        run.Summary = run.Summary with { UserId = userId, TeamId = team, CreatedAt = at, LastEventAt = at, Input = "Order pumps" };
        var append = run.Append(
        [
            (RunEventTypes.RunCreated, $$$"""{"session_id":"ses_{{{name}}}","user_id":"{{{userId}}}","team_id":"{{{team}}}","agent":{"id":"agt_default","name":"Copilot"}}"""),
            (RunEventTypes.UserMessage, """{"text":"Order pumps"}"""),
            .. quantities.Select(quantity => (RunEventTypes.ToolRequested, $$$"""{"name":"orders_place","arguments":"{\"quantity\":{{{quantity}}}}"}""")),
        ]);
        await Store.AppendAsync([append], CancellationToken.None);
    }
}
