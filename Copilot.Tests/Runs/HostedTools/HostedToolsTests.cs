using System.Text;
using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Actor;
using Copilot.Domain.Runs.Actor.Sending;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.HostedTools;
using Copilot.Domain.Tools.Switches;
using Copilot.Domain.Tools;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Runs;

namespace Copilot.Tests.Runs.HostedTools;

public sealed class HostedToolsTests
{
    private const string Secret = "Bearer s3cr3t/\"é\"-token";

    [Fact]
    public void Of_EveryToolConfigured_WritesThemInAFixedOrderAfterTheFunctions()
    {
        var settings = Settings(Everything(), Agent());

        Assert.Equal(
            """
            [{"type":"function","name":"look","description":"A tool of the tests.","parameters":{"type":"object","properties":{},"required":[],"additionalProperties":false},"strict":true},
            {"type":"web_search","search_context_size":"low","filters":{"allowed_domains":["example.com"]},"user_location":{"type":"approximate","country":"GB"}},
            {"type":"file_search","vector_store_ids":["vs_1","vs_2"],"max_num_results":5},
            {"type":"code_interpreter","container":{"type":"auto","memory_limit":"4g"}},
            {"type":"image_generation","size":"1024x1024","quality":"low","output_format":"png","partial_images":2},
            {"type":"mcp","server_label":"a_crm","server_url":"https://crm.example/mcp","authorization":"Bearer s3cr3t/\u0022\u00E9\u0022-token","headers":{"X-Key":"header-secret-1"},"allowed_tools":["add","find"],"require_approval":{"always":{"tool_names":["add"]},"never":{"tool_names":["find"]}}},
            {"type":"mcp","server_label":"docs","server_url":"https://docs.example/mcp","server_description":"Manuals","require_approval":"always"}]
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(settings.Tools.Span));
        Assert.Equal(["web_search_call.action.sources", "file_search_call.results", "code_interpreter_call.outputs"], settings.Include);
        Assert.Equal(
            RequestWriter.WriteSettings(settings).ToArray(),
            RequestWriter.WriteSettings(Settings(Everything(), Agent())).ToArray());
    }

    [Fact]
    public void Of_NothingConfigured_AddsNothing()
    {
        var settings = Settings(new HostedToolsOptions(), Agent());

        Assert.DoesNotContain("web_search", Encoding.UTF8.GetString(settings.Tools.Span), StringComparison.Ordinal);
        Assert.Empty(settings.Include);
    }

    [Fact]
    public void Offer_RunCreated_RemembersTypesAndLabelsWithoutSecretsAndReadsThemBack()
    {
        var hosted = new HostedToolCatalog(Microsoft.Extensions.Options.Options.Create(Everything()));
        var creation = hosted.Offer(Creation(Agent()));
        var events = new RunEvents("run_1");
        var text = Encoding.UTF8.GetString(RunEventRecords.Write(creation.ToEvent()).Span);
        var read = RunCreation.Read(events.Own(RunEventTypes.RunCreated, text));

        Assert.Contains(
            """
            "hosted_tools":[{"type":"web_search"},{"type":"file_search"},{"type":"code_interpreter"},{"type":"image_generation"},{"type":"mcp","server_label":"a_crm"},{"type":"mcp","server_label":"docs"}]
            """,
            text,
            StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", text, StringComparison.Ordinal);
        Assert.DoesNotContain("header-secret", text, StringComparison.Ordinal);
        Assert.Equal(creation.Agent.HostedTools, read.Agent.HostedTools);
        Assert.Equal(hosted.Offered, hosted.Of(read.Agent));
    }

    [Fact]
    public void Of_RunOfAnEarlierVersionOrToolTakenAway_HasOnlyWhatBothKnow()
    {
        var hosted = new HostedToolCatalog(Microsoft.Extensions.Options.Options.Create(Everything()));

        Assert.Empty(hosted.Of(Agent()));
        Assert.Equal(
            [new HostedToolRef("web_search", null)],
            hosted.Of(Agent() with { HostedTools = [new HostedToolRef("mcp", "gone"), new HostedToolRef("web_search", null)] }));
    }

    [Fact]
    public void Of_TextFormat_IsTheRequestsText()
    {
        var creation = Creation(Agent()) with { TextFormat = """{"type":"json_object"}"""u8.ToArray() };
        var settings = RunSettings.Of(creation, new UpstreamOptions(), new RunOptions(), new ToolRegistry([]), new HostedToolCatalog(Microsoft.Extensions.Options.Options.Create(new HostedToolsOptions())), new AllToolsOn());

        Assert.Equal("""{"format":{"type":"json_object"}}""", Encoding.UTF8.GetString(settings.Text.Span));
        Assert.True(settings.Tools.IsEmpty);
    }

    [Fact]
    public void Apply_EventThatRepeatsASecret_HasItBlottedOut()
    {
        var mask = new HostedToolCatalog(Microsoft.Extensions.Options.Options.Create(Everything())).Secrets;
        var raw = $$$"""{"type":"response.created","response":{"id":"resp_1","tools":[{"authorization":{{{JsonSerializer.Serialize(Secret)}}},"headers":{"X-Key":"header-secret-1"}}]}}""";
        var received = ResponseEventParser.Parse(Encoding.UTF8.GetBytes(raw));

        var masked = mask.Apply(received);

        Assert.Equal(
            """{"type":"response.created","response":{"id":"resp_1","tools":[{"authorization":"[secret]","headers":{"X-Key":"[secret]"}}]}}""",
            Encoding.UTF8.GetString(masked.Json.Span));
        Assert.Equal("resp_1", Assert.IsType<ResponseLifecycleEvent>(masked).Response.Id);
        var harmless = ResponseEventParser.Parse("""{"type":"keepalive"}"""u8.ToArray());
        Assert.Same(harmless, mask.Apply(harmless));
    }

    [Fact]
    public void Apply_RefusalThatQuotesASecret_HasItBlottedOutOfEveryWord()
    {
        var mask = new HostedToolCatalog(Microsoft.Extensions.Options.Options.Create(Everything())).Secrets;
        var refused = new TransportException(TransportFailure.Refused, $"Invalid value '{Secret}'.", new InvalidOperationException(Secret))
        {
            HttpStatus = 400,
            Error = new ResponseError { Message = "Bad header: header-secret-1", Code = "bad", Status = 400 },
            RetryAfter = TimeSpan.FromSeconds(1),
            MayHaveBeenSent = true,
        };

        var masked = Assert.IsType<TransportException>(mask.Apply(refused));

        Assert.Equal("Invalid value '[secret]'.", masked.Message);
        Assert.Equal("Bad header: [secret]", masked.Error!.Message);
        Assert.Equal(TransportFailure.Refused, masked.Failure);
        Assert.Equal((int?)400, masked.HttpStatus);
        Assert.Equal("bad", masked.Error.Code);
        Assert.Equal((TimeSpan?)TimeSpan.FromSeconds(1), masked.RetryAfter);
        Assert.True(masked.MayHaveBeenSent);
        Assert.DoesNotContain("s3cr3t", masked.ToString(), StringComparison.Ordinal);
        var harmless = new TransportException(TransportFailure.Lost, "The connection broke.", innerException: null);
        Assert.Same(harmless, mask.Apply(harmless));
    }

    private static HostedToolsOptions Everything()
    {
        var options = new HostedToolsOptions
        {
            WebSearch = new() { Enabled = true, ContextSize = "low", AllowedDomains = ["example.com"], Country = "GB" },
            FileSearch = new() { VectorStoreIds = ["vs_1", "vs_2"], MaxResults = 5 },
            CodeInterpreter = new() { Enabled = true, Memory = "4g" },
            ImageGeneration = new() { Enabled = true, Size = "1024x1024", Quality = "low", Format = "png", PartialImages = 2 },
        };
        options.Mcp["docs"] = new() { Url = new Uri("https://docs.example/mcp"), Description = "Manuals" };
        options.Mcp["a_crm"] = new()
        {
            Url = new Uri("https://crm.example/mcp"),
            Authorization = Secret,
            AllowedTools = ["add", "find"],
            RequireApproval = McpApproval.Never,
            ApprovalExceptions = ["add"],
        };
        options.Mcp["a_crm"].Headers["X-Key"] = "header-secret-1";
        return options;
    }

    private static ResponseSettings Settings(HostedToolsOptions options, AgentSnapshot agent)
    {
        var hosted = new HostedToolCatalog(Microsoft.Extensions.Options.Options.Create(options));
        return RunSettings.Of(
            hosted.Offer(Creation(agent)),
            new UpstreamOptions(),
            new RunOptions { ToolIntents = false },
            new ToolRegistry([new TestTool("look", _ => Task.FromResult(""))]),
            hosted,
            new AllToolsOn());
    }

    private static AgentSnapshot Agent() => new() { Id = "agt_default", Version = 1, Name = "Copilot", Instructions = "" };

    private static RunCreation Creation(AgentSnapshot agent) => new()
    {
        SessionId = "ses_1",
        Owner = new RunOwner("usr_1", "team_default"),
        Agent = agent,
        Metadata = new Dictionary<string, string>(),
    };
}
