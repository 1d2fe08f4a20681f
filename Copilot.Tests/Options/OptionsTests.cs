using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Transports;
using Copilot.Domain.Runs;
using Copilot.Web.Options;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using static Copilot.Tests.Options.Settings;

namespace Copilot.Tests.Options;

public sealed class OptionsTests
{
    [Fact]
    public void Check_ManyErrors_ListsEachWithWhatToSet()
    {
        using var provider = Build("Production", new()
        {
            ["Demo:Enabled"] = "maybe",
            ["Demo:TokensPerSecond"] = "-1",
            ["Upstream:BaseUrl"] = "example.com",
            ["Upstream:Transport"] = "pigeon",
            ["Upstream:Steering"] = "sometimes",
            ["Upstream:CompactThreshold"] = "0",
            ["Upstream:ContextTokens"] = "many",
            ["Upstream:ConnectTimeout"] = "5",
            ["Upstream:FirstEventTimeout"] = "00:00:00",
            ["Upstream:KeepAliveInterval"] = "-00:00:01",
            ["Upstream:MaxEventBytes"] = "0",
            ["Upstream:SocketHeadStart"] = "00:00:00",
            ["Upstream:SocketCooldown"] = "-1",
            ["Upstream:MaxConnectsPerSecond"] = "0",
            ["Upstream:MaxAttempts"] = "many",
            ["Upstream:MaxConnectionAge"] = "3.00:00:00",
            ["Upstream:ApiKeyHeader"] = "api key",
            ["Upstream:Headers:OpenAI-Project"] = "proj\n1",
            ["Upstream:WarmUp"] = "perhaps",
        });

        AssertRefused(
            provider,
            "Demo:Enabled", "Demo:TokensPerSecond", "Upstream:BaseUrl", "Upstream:Transport", "Upstream:Steering", "Upstream:CompactThreshold", "Upstream:ContextTokens", "Upstream:ConnectTimeout",
            "Upstream:FirstEventTimeout", "Upstream:KeepAliveInterval", "Upstream:MaxEventBytes",
            "Upstream:SocketHeadStart", "Upstream:SocketCooldown", "Upstream:MaxConnectsPerSecond", "Upstream:MaxAttempts",
            "Upstream:MaxConnectionAge", "Upstream:ApiKeyHeader", "Upstream:Headers:OpenAI-Project", "Upstream:WarmUp");
    }

    [Fact]
    public void Check_NoUpstreamOutsideDemo_SaysWhatToSet()
    {
        using var provider = Build("Production", []);

        var refused = Assert.Throws<StartRefusedException>(provider.CheckCopilotOptions);

        var reason = Assert.Single(refused.Reasons);
        Assert.Contains("OPENAI_API_KEY", reason, StringComparison.Ordinal);
        Assert.Contains("Upstream__BaseUrl", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_OpenAiAddressWithoutKey_SaysWhatToSet()
    {
        using var provider = Build("Development", new() { ["Upstream:BaseUrl"] = "https://api.openai.com/v1" });

        var refused = Assert.Throws<StartRefusedException>(provider.CheckCopilotOptions);

        Assert.Contains("OPENAI_API_KEY", Assert.Single(refused.Reasons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("https://me:secret@example.com/v1")]
    public void Check_OpenAiAddressCannotBeUsed_NamesTheVariableAndNoSecret(string address)
    {
        using var provider = Build("Production", new() { ["OPENAI_BASE_URL"] = address, ["OPENAI_API_KEY"] = "k" });

        var reason = Assert.Single(Assert.Throws<StartRefusedException>(provider.CheckCopilotOptions).Reasons);

        Assert.StartsWith("OPENAI_BASE_URL cannot be used. Set it to", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_TextThatIsNoValue_AreNotToBeHadWithTheirDefaults()
    {
        using var provider = Build("Development", new() { ["Runs:MaxActive"] = "many" });

        var refused = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<RunOptions>>().Value);

        Assert.Equal("Runs:MaxActive is 'many'. Set it to a whole number (Runs__MaxActive in the environment).", refused.Message);
    }

    [Fact]
    public void Choice_DemoWithoutUpstream_IsDemoUpstream()
    {
        using var provider = Build("Development", []);

        var choice = provider.GetRequiredService<UpstreamChoice>();

        Assert.True(choice.IsDemoUpstream);
        Assert.Equal("demo-key", choice.ApiKey);
        Assert.True(provider.GetRequiredService<IOptions<DemoOptions>>().Value.Enabled);
        Assert.Equal("gpt-6-demo", provider.GetRequiredService<IOptions<UpstreamOptions>>().Value.Model);
    }

    [Theory]
    [InlineData(null, null, null, "k", "https://api.openai.com/v1", "k")]
    [InlineData(null, null, "http://other/v1", "k", "http://other/v1", "k")]
    [InlineData("http://mine/v1", null, "http://other/v1", "k", "http://mine/v1", "k")]
    [InlineData("http://mine/v1", "own", "http://other/v1", "k", "http://mine/v1", "own")]
    [InlineData("http://mine/v1", null, null, null, "http://mine/v1", null)]
    [InlineData("", " ", "http://other/v1", "", "http://other/v1", null)]
    public void Choice_UpstreamSet_ExplicitWinsAlsoInDemoMode(
        string? address, string? key, string? openAiAddress, string? openAiKey, string expected, string? expectedKey)
    {
        using var provider = Build("Development", new()
        {
            ["Upstream:BaseUrl"] = address,
            ["Upstream:ApiKey"] = key,
            ["OPENAI_BASE_URL"] = openAiAddress,
            ["OPENAI_API_KEY"] = openAiKey,
        });

        var choice = provider.GetRequiredService<UpstreamChoice>();

        Assert.Equal(new Uri(expected), choice.BaseUrl);
        Assert.Equal(expectedKey, choice.ApiKey);
        Assert.False(choice.IsDemoUpstream);
    }

    [Fact]
    public void Upstream_AllSet_IsBound()
    {
        using var provider = Build("Production", new()
        {
            ["Upstream:BaseUrl"] = "http://mine/v1?api-version=2",
            ["Upstream:Model"] = "m",
            ["Upstream:Transport"] = "http",
            ["Upstream:Store"] = "true",
            ["Upstream:ConnectTimeout"] = "00:00:02",
            ["Upstream:ReasoningSummary"] = "",
            ["Upstream:ReasoningEffort"] = "low",
            ["Upstream:Steering"] = "off",
            ["Upstream:CompactThreshold"] = "200000",
            ["Upstream:ContextTokens"] = "400000",
        });

        var options = provider.GetRequiredService<IOptions<UpstreamOptions>>().Value;

        Assert.Equal("http://mine/v1?api-version=2", options.BaseUrl!.ToString());
        Assert.Equal("m", options.Model);
        Assert.Equal(TransportChoice.Http, options.Transport);
        Assert.True(options.Store);
        Assert.Equal(TimeSpan.FromSeconds(2), options.ConnectTimeout);
        Assert.Null(options.ReasoningSummary);
        Assert.Equal("low", options.ReasoningEffort);
        Assert.Equal(SteeringChoice.Off, options.Steering);
        Assert.Equal(200_000, options.CompactThreshold);
        Assert.Equal(400_000, options.ContextTokens);
    }

    [Fact]
    public void Upstream_ClocksAndLimits_AreBound()
    {
        using var provider = Build("Production", new()
        {
            ["Upstream:BaseUrl"] = "http://mine/v1",
            ["Upstream:SocketHeadStart"] = "00:00:00.5",
            ["Upstream:SocketCooldown"] = "00:00:10",
            ["Upstream:MaxSocketCooldown"] = "00:01:00",
            ["Upstream:MaxConnectionAge"] = "00:30:00",
            ["Upstream:MaxConnectsPerSecond"] = "7",
            ["Upstream:MaxConcurrentConnects"] = "8",
            ["Upstream:MaxAttempts"] = "9",
            ["Upstream:RetryDelay"] = "00:00:00.1",
            ["Upstream:MaxRetryDelay"] = "00:00:04",
            ["Upstream:MaxRetryWait"] = "00:00:40",
        });

        var options = provider.GetRequiredService<IOptions<UpstreamOptions>>().Value;

        Assert.Equal(0.5, options.SocketHeadStart.TotalSeconds);
        Assert.Equal(10, options.SocketCooldown.TotalSeconds);
        Assert.Equal(60, options.MaxSocketCooldown.TotalSeconds);
        Assert.Equal(1800, options.MaxConnectionAge.TotalSeconds);
        Assert.Equal(0.1, options.RetryDelay.TotalSeconds);
        Assert.Equal(4, options.MaxRetryDelay.TotalSeconds);
        Assert.Equal(40, options.MaxRetryWait.TotalSeconds);
        Assert.Equal(7, options.MaxConnectsPerSecond);
        Assert.Equal(8, options.MaxConcurrentConnects);
        Assert.Equal(9, options.MaxAttempts);
    }

    [Fact]
    public void Defaults_HalfOpenSocket_IsNoticedWithin25Seconds()
    {
        var options = new UpstreamOptions();

        // The framework's watchdog looks four times per timeout, so each of its two waits may be a quarter longer.
        var look = TimeSpan.FromTicks(Math.Min(options.KeepAliveInterval.Ticks, options.KeepAliveTimeout.Ticks)) / 4;
        Assert.True(options.KeepAliveInterval + options.KeepAliveTimeout + (2 * look) <= TimeSpan.FromSeconds(25));
        Assert.True(options.SocketHeadStart < TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Start_WrongOptions_IsRefused()
    {
        var builder = Builder("Production", []);
        builder.AddCopilotOptions();
        await using var app = builder.Build();

        await Assert.ThrowsAsync<StartRefusedException>(() => app.StartAsync());
    }
}
