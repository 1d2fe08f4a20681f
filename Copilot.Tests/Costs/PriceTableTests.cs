using Copilot.Domain.Costs;

namespace Copilot.Tests.Costs;

public sealed class PriceTableTests
{
    private static readonly PriceTable s_table = Table("gpt-5.6", "gpt-5*", "gpt-5.6-mini*", "GPT-5.6-pro");

    [Theory]
    [InlineData("gpt-5.6", "gpt-5.6")]
    [InlineData("GPT-5.6", "gpt-5.6")]
    [InlineData("gpt-5.6-2026-03-05", "gpt-5*")]
    [InlineData("gpt-5.6-mini", "gpt-5.6-mini*")]
    [InlineData("gpt-5.6-mini-2026-03-05", "gpt-5.6-mini*")]
    [InlineData("gpt-5.6-pro", "GPT-5.6-pro")]
    [InlineData("gpt-4", null)]
    [InlineData("my-gpt-5", null)]
    public void Find_Names_PrefersTheExactThenTheLongestPrefix(string model, string? expected)
    {
        Assert.Equal(expected, s_table.Find(model)?.Model);
    }

    [Fact]
    public void Find_UnknownAnsweringModel_UsesTheRequestedModel()
    {
        Assert.Equal("gpt-5.6", s_table.Find("deployment-7", "gpt-5.6")?.Model);
        Assert.Equal("gpt-5*", s_table.Find(null, "gpt-5")?.Model);
    }

    [Fact]
    public void Find_StarAlone_MatchesEverything() => Assert.Equal("*", Table("*").Find("anything")?.Model);

    [Fact]
    public void Find_CachedAndReasoningOmitted_UseTheOtherPrices()
    {
        var options = new PriceOptions { Currency = "EUR" };
        options.Models.Add(new ModelPriceOptions { Model = "m", Input = 3, Output = 7 });

        Assert.Equal(new ModelPrice("m", 3, 3, 7, 7), new PriceTable(Microsoft.Extensions.Options.Options.Create(options)).Find("m"));
    }

    [Fact]
    public void Currency_NoPrices_IsNone()
    {
        var table = new PriceTable(Microsoft.Extensions.Options.Options.Create(new PriceOptions { Currency = "EUR" }));

        Assert.True(table.IsEmpty);
        Assert.Null(table.Currency);
    }

    private static PriceTable Table(params string[] models)
    {
        var options = new PriceOptions { Currency = "EUR" };
        foreach (var model in models)
        {
            options.Models.Add(new ModelPriceOptions { Model = model, Input = 1, Output = 2 });
        }

        return new PriceTable(Microsoft.Extensions.Options.Options.Create(options));
    }
}
