using Copilot.Domain.Tools;

namespace Copilot.Tests.Tools;

public sealed class TextToolTests
{
    [Fact]
    public void Registry_FreeTextWithAnEmptyGrammar_IsRefused()
    {
        var refused = Assert.Throws<ToolRegistrationException>(() => new ToolRegistry([new Upper(new FreeText { Grammar = " " })]));

        Assert.Contains("The parameters of the tool 'upper': the grammar is empty.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Registry_FreeText_NeedsNoSchema() => Assert.Single(new ToolRegistry([new Upper(FreeText.Any)]).Definitions);

    private sealed class Upper(FreeText text) : TextTool
    {
        public override ToolDefinition Definition => Define("upper", "Says it louder.") with { FreeText = text };

        protected override Task<ToolResult> InvokeAsync(ToolContext context, string input, CancellationToken cancellationToken) =>
            Task.FromResult(ToolResult.Ok(input.ToUpperInvariant()));
    }
}
