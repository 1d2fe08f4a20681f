using Copilot.Domain.Costs;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Options;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using static Copilot.Tests.Options.Settings;

namespace Copilot.Tests.Options;

public sealed class PriceOptionsTests
{
    private const string Upstream = "http://mine/v1";

    [Fact]
    public void Prices_Set_AreReadAsDecimals()
    {
        using var provider = Build("Production", new()
        {
            ["Upstream:BaseUrl"] = Upstream,
            ["Prices:Currency"] = "EUR",
            ["Prices:Models:0:Model"] = "ft:gpt-5.6:me",
            ["Prices:Models:0:Input"] = "1.25",
            ["Prices:Models:0:Cached"] = "0.125",
            ["Prices:Models:0:Output"] = "10",
            ["Prices:Models:1:Model"] = "gpt-*",
            ["Prices:Models:1:Input"] = "0",
            ["Prices:Models:1:Output"] = "2",
            ["Prices:Models:1:Reasoning"] = "3",
        });

        var table = new PriceTable(provider.GetRequiredService<IOptions<PriceOptions>>());

        Assert.Equal("EUR", table.Currency);
        Assert.Equal(new ModelPrice("ft:gpt-5.6:me", 1.25m, 0.125m, 10, 10), table.Find("ft:gpt-5.6:me"));
        Assert.Equal(new ModelPrice("gpt-*", 0, 0, 2, 3), table.Find("gpt-5"));
    }

    [Fact]
    public void Prices_Wrong_ListsEachWithWhatToSet()
    {
        using var provider = Build("Production", new()
        {
            ["Upstream:BaseUrl"] = Upstream,
            ["Prices:Currency"] = "euro",
            ["Prices:Models:0:Model"] = "a",
            ["Prices:Models:0:Input"] = "cheap",
            ["Prices:Models:0:Output"] = "-1",
            ["Prices:Models:1:Model"] = "A",
            ["Prices:Models:1:Input"] = "1",
            ["Prices:Models:1:Cached"] = "1,5",
            ["Prices:Models:1:Output"] = "2",
            ["Prices:Models:2:Model"] = "g*t",
            ["Prices:Models:2:Input"] = "1",
            ["Prices:Models:2:Reasoning"] = "2000000",
            ["Runs:Budget"] = "0",
            ["Runs:BudgetDecisionTimeout"] = "00:00:00",
        });

        AssertRefused(
            provider,
            "Runs:BudgetDecisionTimeout", "Runs:Budget ", "Prices:Models:0:Input", "Prices:Models:1:Cached", "Prices:Models:2:Output",
            "Prices:Currency", "Prices:Models:0:Output", "Prices:Models:1:Model", "Prices:Models:2:Model", "Prices:Models:2:Reasoning");
    }

    [Theory]
    [InlineData("Production", Upstream)]
    [InlineData("Development", Upstream)]
    public void Prices_NotSet_AreNone(string environment, string upstream)
    {
        using var provider = Build(environment, new() { ["Upstream:BaseUrl"] = upstream });

        Assert.Empty(provider.GetRequiredService<IOptions<PriceOptions>>().Value.Models);
    }

    [Fact]
    public void Prices_NotSetAndDemoUpstream_AreTheDemos()
    {
        using var provider = Build("Development", []);

        Assert.NotNull(new PriceTable(provider.GetRequiredService<IOptions<PriceOptions>>()).Find("whatever was asked for"));
    }

    [Fact]
    public void Budget_ModelWithoutAPrice_IsRefused()
    {
        using var provider = Build("Production", new() { ["Upstream:BaseUrl"] = Upstream, ["Upstream:Model"] = "m", ["Runs:Budget"] = "0.5" });

        var reason = Assert.Single(Assert.Throws<StartRefusedException>(provider.CheckCopilotOptions).Reasons);

        Assert.Contains("needs a price of 'm'", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Budget_NotANumber_IsRefused()
    {
        using var provider = Build("Production", new() { ["Upstream:BaseUrl"] = Upstream, ["Runs:Budget"] = "much" });

        var reason = Assert.Single(Assert.Throws<StartRefusedException>(provider.CheckCopilotOptions).Reasons);

        Assert.Contains("Runs:Budget", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Budget_Set_IsRead()
    {
        using var provider = Build("Development", new()
        {
            ["Runs:Budget"] = "0.50",
            ["Runs:OnBudget"] = "ask",
            ["Runs:BudgetDecisionTimeout"] = "00:10:00",
        });
        provider.CheckCopilotOptions();

        var options = provider.GetRequiredService<IOptions<RunOptions>>().Value;

        Assert.Equal(0.5m, options.Budget);
        Assert.Equal(OnBudget.Ask, options.OnBudget);
        Assert.Equal(10, options.BudgetDecisionTimeout.TotalMinutes);
    }
}
