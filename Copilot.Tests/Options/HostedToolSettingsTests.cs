using Copilot.Domain.Runs.HostedTools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using static Copilot.Tests.Options.Settings;

namespace Copilot.Tests.Options;

public sealed class HostedToolSettingsTests
{
    [Fact]
    public void Options_DemoUpstream_HasEverythingOn()
    {
        var options = Read("Development", []);

        Assert.True(options.WebSearch.Enabled && options.CodeInterpreter.Enabled && options.ImageGeneration.Enabled);
        Assert.Single(options.FileSearch.VectorStoreIds);
        Assert.Equal(2, options.ImageGeneration.PartialImages);
        Assert.Equal("demo", Assert.Single(options.Mcp.Keys));
    }

    [Fact]
    public void Options_RealUpstream_HasEverythingOff()
    {
        var options = Read("Development", new() { ["Upstream:BaseUrl"] = "http://mine/v1" });

        Assert.False(options.WebSearch.Enabled || options.CodeInterpreter.Enabled || options.ImageGeneration.Enabled);
        Assert.Empty(options.FileSearch.VectorStoreIds);
        Assert.Empty(options.Mcp);
    }

    [Fact]
    public void Options_DemoUpstream_CanBeTurnedOffOneByOne()
    {
        var options = Read("Development", new()
        {
            ["HostedTools:WebSearch:Enabled"] = "false",
            ["HostedTools:FileSearch:VectorStoreIds"] = "",
            ["HostedTools:CodeInterpreter:Enabled"] = "false",
            ["HostedTools:ImageGeneration:Enabled"] = "false",
            ["HostedTools:Mcp"] = "",
        });

        Assert.False(options.WebSearch.Enabled || options.CodeInterpreter.Enabled || options.ImageGeneration.Enabled);
        Assert.Empty(options.FileSearch.VectorStoreIds);
        Assert.Empty(options.Mcp);
    }

    [Fact]
    public void Options_AllSet_AreBound()
    {
        var options = Read("Production", new()
        {
            ["Upstream:BaseUrl"] = "http://mine/v1",
            ["HostedTools:WebSearch:Enabled"] = "true",
            ["HostedTools:WebSearch:AllowedDomains"] = "example.com, example.org",
            ["HostedTools:WebSearch:Country"] = "gb",
            ["HostedTools:FileSearch:VectorStoreIds:0"] = "vs_1",
            ["HostedTools:FileSearch:VectorStoreIds:1"] = "vs_2",
            ["HostedTools:FileSearch:MaxResults"] = "7",
            ["HostedTools:Mcp:crm:Url"] = "https://crm.example/mcp",
            ["HostedTools:Mcp:crm:Authorization"] = "a-long-token",
            ["HostedTools:Mcp:crm:Headers:X-Key"] = "another-long-one",
            ["HostedTools:Mcp:crm:AllowedTools"] = "find,add",
            ["HostedTools:Mcp:crm:RequireApproval"] = "never",
            ["HostedTools:Mcp:crm:ApprovalExceptions:0"] = "add",
        });

        Assert.Equal(["example.com", "example.org"], options.WebSearch.AllowedDomains);
        Assert.Equal("GB", options.WebSearch.Country);
        Assert.Equal(["vs_1", "vs_2"], options.FileSearch.VectorStoreIds);
        Assert.Equal(7, options.FileSearch.MaxResults);
        var crm = options.Mcp["crm"];
        Assert.Equal("https://crm.example/mcp", crm.Url!.AbsoluteUri);
        Assert.Equal("a-long-token", crm.Authorization);
        Assert.Equal("another-long-one", crm.Headers["X-Key"]);
        Assert.Equal(["find", "add"], crm.AllowedTools);
        Assert.Equal(McpApproval.Never, crm.RequireApproval);
        Assert.Equal("add", Assert.Single(crm.ApprovalExceptions));
    }

    [Fact]
    public void Check_ManyErrors_ListsEachWithWhatToSetAndNoSecret()
    {
        using var provider = Build("Production", new()
        {
            ["Upstream:BaseUrl"] = "http://mine/v1",
            ["HostedTools:WebSearch:Enabled"] = "maybe",
            ["HostedTools:WebSearch:ContextSize"] = "huge",
            ["HostedTools:WebSearch:AllowedDomains"] = "https://example.com",
            ["HostedTools:WebSearch:Country"] = "England",
            ["HostedTools:FileSearch:MaxResults"] = "51",
            ["HostedTools:CodeInterpreter:Memory"] = "2g",
            ["HostedTools:ImageGeneration:Size"] = "big",
            ["HostedTools:ImageGeneration:Quality"] = "best",
            ["HostedTools:ImageGeneration:Format"] = "bmp",
            ["HostedTools:ImageGeneration:PartialImages"] = "4",
            ["HostedTools:Mcp:no url:Description"] = "x",
            ["HostedTools:Mcp:plain:Url"] = "http://crm.example/mcp",
            ["HostedTools:Mcp:plain:Authorization"] = "s3cret",
            ["HostedTools:Mcp:plain:Headers:X Key"] = "long enough a value",
            ["HostedTools:Mcp:plain:RequireApproval"] = "sometimes",
            ["HostedTools:Mcp:exc:Url"] = "https://crm.example/mcp",
            ["HostedTools:Mcp:exc:RequireApproval"] = "Never",
            ["HostedTools:Mcp:exc:ApprovalExceptions"] = "add",
            ["HostedTools:Mcp:exc:FourEyes"] = "find",
            ["HostedTools:Mcp:all:Url"] = "https://crm.example/mcp",
            ["HostedTools:Mcp:all:RequireApproval"] = "Never",
            ["HostedTools:Mcp:all:FourEyes"] = "*",
            ["HostedTools:Mcp:typo:Url"] = "https://crm.example/mcp",
            ["HostedTools:Mcp:typo:AllowedTools"] = "add,find",
            ["HostedTools:Mcp:typo:FourEyes"] = "ad",
        });

        var message = AssertRefused(
            provider,
            "HostedTools:WebSearch:Enabled", "HostedTools:WebSearch:ContextSize", "HostedTools:WebSearch:AllowedDomains",
            "HostedTools:WebSearch:Country", "HostedTools:FileSearch:MaxResults", "HostedTools:CodeInterpreter:Memory",
            "HostedTools:ImageGeneration:Size", "HostedTools:ImageGeneration:Quality", "HostedTools:ImageGeneration:Format",
            "HostedTools:ImageGeneration:PartialImages", "HostedTools:Mcp:no url:Url", "HostedTools:Mcp:no url: a label",
            "HostedTools:Mcp:plain:Url", "HostedTools:Mcp:plain:Authorization", "HostedTools:Mcp:plain:Headers",
            "HostedTools:Mcp:plain:RequireApproval", "HostedTools:Mcp:exc:ApprovalExceptions", "HostedTools:Mcp:exc:FourEyes",
            "HostedTools:Mcp:all:FourEyes", "HostedTools:Mcp:typo:FourEyes");
        Assert.DoesNotContain("s3cret", message, StringComparison.Ordinal);
    }

    private static HostedToolsOptions Read(string environment, Dictionary<string, string?> values)
    {
        using var provider = Build(environment, values);
        return provider.GetRequiredService<IOptions<HostedToolsOptions>>().Value;
    }
}
