using Copilot.Domain.Costs;
using Copilot.Domain.Responses.Events;

namespace Copilot.Tests.Costs;

public sealed class ModelPriceTests
{
    private static readonly ModelPrice s_price = new("m", Input: 2m, Cached: 0.5m, Output: 10m, Reasoning: 8m);

    [Fact]
    public void Micros_CachedAndReasoning_PaysEachTokenOnce()
    {
        // 600 input, 400 of 1,000 cached; 150 output, 50 of 200 reasoning.
        var micros = s_price.Micros(new ResponseUsage(1_000, 400, 200, 50));

        Assert.Equal((600 * 2) + 200 + (150 * 10) + (50 * 8), micros);
    }

    [Theory]
    [InlineData(18_014, 0, 18_011, 50, 114_084)] // 15 + 112568.75 + 1500
    [InlineData(20_000, 10_000, 8_000, 50, 66_500)]
    [InlineData(100, 20_000, 20_000, 0, 50)] // more than there was is not paid
    public void Micros_WrittenTokens_HaveTheirOwnPrice(long input, long cached, long written, long output, long expected)
    {
        var price = new ModelPrice("m", Input: 5, Cached: 0.5m, Output: 30, Reasoning: 30) { CacheWrite = 6.25m };

        Assert.Equal(expected, price.Micros(new ResponseUsage(input, cached, output, 0) { CacheWriteTokens = written }));
    }

    [Theory]
    [InlineData("{}", false)]
    [InlineData("""{"total_tokens":20050}""", false)]
    [InlineData("""{"prompt_tokens":20000,"completion_tokens":50}""", false)]
    [InlineData("""{"input_tokens":"20000","output_tokens":"50"}""", true)]
    [InlineData("""{"input_tokens":20000,"input_tokens_details":null,"output_tokens":50}""", true)]
    public void Usage_InAnUnknownShape_IsUnknownAndNotZero(string usage, bool known)
    {
        var ended = ResponseEventParser.Parse(System.Text.Encoding.UTF8.GetBytes($$$"""{"type":"response.completed","response":{"id":"r","status":"completed","usage":{{{usage}}} } }"""));

        Assert.Equal(known ? new ResponseUsage(20_000, 0, 50, 0) : null, Assert.IsType<ResponseLifecycleEvent>(ended).Response.Usage);
    }

    [Fact]
    public void Usage_WithWrittenTokens_NamesThem()
    {
        var ended = ResponseEventParser.Parse("""{"type":"response.completed","response":{"id":"r","usage":{"input_tokens":9,"input_tokens_details":{"cache_write_tokens":7},"output_tokens":1}}}"""u8.ToArray());

        Assert.Equal(7, Assert.IsType<ResponseLifecycleEvent>(ended).Response.Usage!.Value.CacheWriteTokens);
    }

    [Theory]
    [InlineData("0.5", 1, 1)] // half a micro-unit counts
    [InlineData("0.49", 1, 0)]
    [InlineData("0.1", 3, 0)]
    [InlineData("0.1", 5, 1)]
    [InlineData("0.075", 1_000_001, 75_000)] // 75000.075
    public void Micros_Fractions_AreRoundedOnceHalfUp(string input, long tokens, long expected)
    {
        var price = new ModelPrice("m", decimal.Parse(input, System.Globalization.CultureInfo.InvariantCulture), 0, 0, 0);

        Assert.Equal(expected, price.Micros(new ResponseUsage(tokens, 0, 0, 0)));
    }

    [Fact]
    public void Micros_PartsBelowOne_AreAddedBeforeRounding()
    {
        // 0.3 + 0.3: rounded each by itself they would be nothing.
        var price = new ModelPrice("m", 0.3m, 0.3m, 0.3m, 0.3m);

        Assert.Equal(1, price.Micros(new ResponseUsage(1, 0, 1, 0)));
    }

    [Theory]
    [InlineData(10, 99, 5, 99, 5 + 40)] // more cached or reasoning than there was: all of it
    [InlineData(-10, -1, -5, -1, 0)]
    [InlineData(long.MaxValue, 0, long.MaxValue, 0, Money.MaxMicros)]
    public void Micros_ImpossibleUsage_StaysInBounds(long input, long cached, long output, long reasoning, long expected)
    {
        Assert.Equal(expected, s_price.Micros(new ResponseUsage(input, cached, output, reasoning)));
    }

    [Fact]
    public void MicrosOfNextAtLeast_AnyUsage_IsTheConversationFromTheCache()
    {
        Assert.Equal(575, s_price.MicrosOfNextAtLeast(new ResponseUsage(1_000, 400, 200, 50)));
        Assert.Equal(0, new ModelPrice("m", 2m, 0m, 10m, 8m).MicrosOfNextAtLeast(new ResponseUsage(1_000, 0, 200, 0)));
    }

    [Theory]
    [InlineData(0, "0.00 EUR")]
    [InlineData(1, "0.000001 EUR")]
    [InlineData(420, "0.00042 EUR")]
    [InlineData(9_999, "0.009999 EUR")]
    [InlineData(12_345, "0.0123 EUR")]
    [InlineData(500_000, "0.50 EUR")]
    [InlineData(1_235_000, "1.24 EUR")]
    [InlineData(1_234_567_890_000, "1,234,567.89 EUR")]
    public void Format_Amounts_ShowTheSignificantDigits(long micros, string expected)
    {
        Assert.Equal(expected, Money.Format(micros, "EUR"));
    }

    [Theory]
    [InlineData(4_178, 4_000, "0.0042 EUR", "0.0040 EUR")]
    [InlineData(512_300, 500_000, "0.51 EUR", "0.50 EUR")]
    [InlineData(1_000_001, 1_000_000, "1.000001 EUR", "1.000000 EUR")]
    [InlineData(10_000, 10_000, "0.010000 EUR", "0.010000 EUR")]
    public void Format_TwoAmounts_HaveAsManyDigitsAsTellThemApart(long one, long other, string first, string second)
    {
        var (shown, besides) = Money.Format(one, other, "EUR");

        Assert.Equal(first, shown);
        Assert.Equal(second, besides);
    }

    [Fact]
    public void ToMicros_AndBack_IsExact()
    {
        Assert.Equal(123_456, Money.ToMicros(0.123456m));
        Assert.Equal(0.123456m, Money.ToUnits(123_456));
        Assert.Equal(Money.MaxMicros, Money.ToMicros(decimal.MaxValue));
        Assert.Equal(Money.MaxMicros, Money.Add(Money.MaxMicros, 1));
    }
}
