using Copilot.Domain.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Copilot.Tests.Tools;

public class ToolRegistryTests
{
    [Fact]
    public void Constructor_ValidTools_PreservesOrderAndFindsByExactName()
    {
        var registry = new ToolRegistry([Tool("b"), Tool("a")]);

        Assert.Equal(["b", "a"], registry.Definitions.Select(definition => definition.Name));
        Assert.True(registry.TryGet("a", out var tool));
        Assert.Equal("a", tool.Definition.Name);
        Assert.False(registry.TryGet("A", out _));
    }

    [Fact]
    public void Constructor_SeveralErrors_ListsThemAll()
    {
        var exception = Assert.Throws<ToolRegistrationException>(() => new ToolRegistry(
        [
            Tool("same"),
            Tool("same"),
            Tool("not a name"),
            new ScriptedTool(ScriptedTool.Defined("mute") with { Description = " " }, Never),
            new ScriptedTool(ScriptedTool.Defined("hasty") with { Deadline = TimeSpan.Zero }, Never),
            new ScriptedTool(ScriptedTool.Defined("loose") with { Parameters = ScriptedTool.Schema("""{"type":"object","properties":{}}""") }, Never),
        ]));

        Assert.Equal(
            [
                "The tool name 'same' is taken more than once: ScriptedTool, ScriptedTool.",
                "The tool name 'not a name' is not 1 to 64 letters, digits, '_' or '-'.",
                "The tool 'mute' has no description.",
                "The deadline of the tool 'hasty' is 00:00:00; a deadline is more than zero and at most one day.",
                "The parameters of the tool 'loose': the root is not closed with 'additionalProperties': false.",
            ],
            exception.Errors);
        Assert.All(exception.Errors, error => Assert.Contains(error, exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_ToolsAndOptionsAreWrong_FailsWithEveryError()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddTools();
        builder.Services.AddSingleton<ITool>(Tool("same")).AddSingleton<ITool>(Tool("same"));
        builder.Services.Configure<ToolOptions>(options =>
        {
            options.DefaultDeadline = TimeSpan.Zero;
            options.Deadlines["nobody"] = TimeSpan.FromSeconds(1);
            options.MaxOutputChars = 10;
        });
        using var host = builder.Build();

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal(
            [
                "The tool name 'same' is taken more than once: ScriptedTool, ScriptedTool.",
                "Tools:DefaultDeadline is 00:00:00. Set it to more than 00:00:00 and at most 1.00:00:00 (Tools__DefaultDeadline in the environment).",
                "Tools:MaxOutputChars is 10. Set it to 1,000 or more (Tools__MaxOutputChars in the environment).",
                "Tools:Deadlines names 'nobody', but there is no such tool. Set it for a tool that is registered, or leave it out.",
            ],
            exception.Failures);
    }

    private static ScriptedTool Tool(string name)
    {
        return new ScriptedTool(name, Never);
    }

    private static Task<ToolResult> Never(ToolContext context, System.Text.Json.JsonElement arguments, CancellationToken cancellationToken)
    {
        throw new InvalidOperationException("not meant to be invoked");
    }
}
