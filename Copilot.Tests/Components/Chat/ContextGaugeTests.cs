using Bunit;
using Copilot.Domain.Responses;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Chat.Notices;
using Copilot.Web.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Components.Chat;

/// <summary>How full a conversation's memory is, in words for the office and in tokens for who wants them.</summary>
public sealed class ContextGaugeTests : BunitContext
{
    public ContextGaugeTests() => Services.AddSingleton(
        new ContextWindows(Microsoft.Extensions.Options.Options.Create(new UpstreamOptions { CompactThreshold = 300_000 })));

    [Fact]
    public void Gauge_KnownModel_IsAMeterWithWords()
    {
        var gauge = Gauge(160_000, "gpt-5.6", isShown: true, showsTokens: true).Find("[role=meter]");

        Assert.Equal(ChatText.ContextLabel, gauge.GetAttribute("aria-label"));
        Assert.Equal("40", gauge.GetAttribute("aria-valuenow"));
        Assert.Equal(ChatText.ContextFull(40), gauge.GetAttribute("aria-valuetext"));
        Assert.DoesNotContain("warn", gauge.ClassList);
        Assert.Equal("160,000 of 400,000 tokens, compacted at 300,000", gauge.QuerySelector(".technical")!.TextContent);
    }

    [Theory]
    [InlineData(319_999, false)]
    [InlineData(320_000, true)]
    [InlineData(500_000, true)]
    public void Gauge_NotForAlways_IsThereOnceItIsNearlyFull(long tokens, bool isThere)
    {
        var gauge = Gauge(tokens, "gpt-5.6", isShown: false, showsTokens: false);

        Assert.Equal(isThere, gauge.FindAll(".context-gauge.warn").Count == 1);
        Assert.DoesNotContain("tokens", gauge.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Gauge_UnknownModel_IsANumberAmongTechnicalDetails()
    {
        Assert.Equal("1,234 tokens of context, compacted at 300,000", Gauge(1_234, "llama", isShown: true, showsTokens: true).Find(".context-gauge.technical").TextContent);
        Assert.Empty(Gauge(1_234, "llama", isShown: true, showsTokens: false).FindAll(".context-gauge"));
    }

    private IRenderedComponent<ContextGauge> Gauge(long tokens, string model, bool isShown, bool showsTokens) => Render<ContextGauge>(with => with
        .Add(one => one.Use, new ContextUse(tokens, model))
        .Add(one => one.IsShown, isShown)
        .Add(one => one.ShowsTokens, showsTokens));
}
