using Copilot.Domain.Responses;

namespace Copilot.Tests.Responses;

public sealed class ContextWindowsTests
{
    [Theory]
    [InlineData("gpt-5.6", 400_000)]
    [InlineData("GPT-4o-mini", 128_000)]
    [InlineData("", 400_000)]
    [InlineData("llama", null)]
    public void Of_NothingSet_IsWhatIsKnownOfTheFamily(string model, int? expected) => Assert.Equal(expected, Windows(new()).Of(model));

    [Fact]
    public void Of_Settings_ExactNameThenLongestBeginningThenAllModels()
    {
        var options = new UpstreamOptions { ContextTokens = 5_000 };
        options.ContextWindows.Add(new ModelWindowOptions { Model = "gpt-5*", Tokens = 1_000 });
        options.ContextWindows.Add(new ModelWindowOptions { Model = "gpt-5.6*", Tokens = 2_000 });
        options.ContextWindows.Add(new ModelWindowOptions { Model = "gpt-5.6-mini", Tokens = 3_000 });
        var windows = Windows(options);

        Assert.Equal(3_000, windows.Of("gpt-5.6-mini"));
        Assert.Equal(2_000, windows.Of("gpt-5.6-large"));
        Assert.Equal(1_000, windows.Of("gpt-5"));
        Assert.Equal(5_000, windows.Of("gpt-4o"));
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(null, 1_000, 900)]
    [InlineData(500, 1_000, 500)]
    public void CompactsAt_IsTheUpstreamsThresholdElseOurs(int? threshold, int? context, int? expected) =>
        Assert.Equal(expected, Windows(new() { CompactThreshold = threshold, ContextTokens = context }).CompactsAt);

    private static ContextWindows Windows(UpstreamOptions options) => new(Microsoft.Extensions.Options.Options.Create(options));
}
