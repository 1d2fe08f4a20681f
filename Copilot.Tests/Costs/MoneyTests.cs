using Copilot.Domain.Costs;

namespace Copilot.Tests.Costs;

/// <summary>Amounts as people read them.</summary>
public sealed class MoneyTests
{
    [Theory]
    [InlineData(7_652, 12_000, 4_348, "0.007652 EUR", "0.012000 EUR", "0.004348 EUR")]
    [InlineData(1_500_000, 12_300_000, 10_800_000, "1.50 EUR", "12.30 EUR", "10.80 EUR")]
    [InlineData(0, 20_000, 20_000, "0.00 EUR", "0.02 EUR", "0.02 EUR")]
    public void FormatAlike_AmountsOfOneSum_HaveTheSameDigits(long one, long other, long difference, string first, string second, string third) =>
        Assert.Equal([first, second, third], Money.FormatAlike([one, other, difference], "EUR"));
}
