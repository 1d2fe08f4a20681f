using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Upstream;
using static Copilot.Tests.Demo.Upstream.EventReading;

namespace Copilot.Tests.Demo.Upstream;

public sealed class McpApprovalTests(DemoUpstreamFixture fixture) : DemoSocketScene(fixture)
{
    private const string Wish = "Ask the billing server to refund Contoso";

    [Theory]
    [InlineData("\"always\"")]
    [InlineData("null")]
    [InlineData("""{"always":{"tool_names":["refund"]}}""")]
    [InlineData("""{"never":{"tool_names":["look"]}}""")]
    public async Task Call_ThatNeedsApproval_EndsTheResponseWithTheRequest(string policy)
    {
        var events = await _socket.AskAsync(Offer(Request(Wish), policy));

        Assert.Equal("response.completed", events[^1].Type());
        var asked = Assert.Single(events.Response().Items("mcp_approval_request"));
        Assert.StartsWith("mcpr_", asked.Text("id"), StringComparison.Ordinal);
        Assert.Equal("billing", asked.Text("server_label"));
        Assert.Equal("refund", asked.Text("name"));
        Assert.Equal(Wish, JsonDocument.Parse(asked.Text("arguments")).RootElement.Text("request"));
        Assert.Empty(events.Response().Items("message"));
        Assert.Equal(
            ["response.output_item.added", "response.output_item.done"],
            events.Where(e => e.TryGetProperty("item", out var item) && item.Type() == "mcp_approval_request").Select(e => e.Type()));
    }

    [Theory]
    [InlineData("\"never\"")]
    [InlineData("""{"always":{"tool_names":["look"]}}""")]
    [InlineData("""{"never":{"tool_names":["refund"]}}""")]
    public async Task Call_ThatNeedsNone_IsMade(string policy)
    {
        var events = await _socket.AskAsync(Offer(Request(Wish), policy));

        var call = Assert.Single(events.Response().Items("mcp_call"));
        Assert.Equal("completed", call.Text("status"));
        Assert.Equal(JsonValueKind.Null, call.GetProperty("approval_request_id").ValueKind);
        Assert.Empty(events.Response().Items("mcp_approval_request"));
    }

    [Fact]
    public async Task Approval_IsFollowedByTheCallAndAnAnswer()
    {
        var (response, asked) = await AskAsync();

        var events = await _socket.AskAsync(Offer(Request(response, Approval(asked, approve: true)), "\"always\""));

        var call = Assert.Single(events.Response().Items("mcp_call"));
        Assert.Equal(asked, call.Text("approval_request_id"));
        Assert.Equal("completed", call.Text("status"));
        Assert.NotEqual("", call.Text("output"));
        Assert.Contains("did it", events.Response().Answer(), StringComparison.Ordinal);
        Assert.Equal(
            ["response.mcp_call.in_progress", "response.mcp_call_arguments.done", "response.mcp_call.completed"],
            events.Select(e => e.Type()).Where(type => type.StartsWith("response.mcp_call", StringComparison.Ordinal) && !type.EndsWith(".delta", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Denial_IsReportedWithItsReasonAndNothingIsCalled()
    {
        var (response, asked) = await AskAsync();
        var no = Approval(asked, approve: false);
        no["reason"] = "too dear";

        var events = await _socket.AskAsync(Offer(Request(response, no), "\"always\""));

        Assert.Empty(events.Response().Items("mcp_call"));
        Assert.Contains("too dear", events.Response().Answer(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_InAFullInput_IsAsGoodAsInADelta()
    {
        var (_, asked) = await AskAsync();
        var request = Offer(
            Request(
                null,
                User(Wish),
                new JsonObject { ["type"] = "mcp_approval_request", ["id"] = asked, ["server_label"] = "billing", ["name"] = "refund", ["arguments"] = "{}" },
                Approval(asked, approve: true)),
            "\"always\"");

        var events = await _socket.AskAsync(request);

        Assert.Single(events.Response().Items("mcp_call"));
    }

    [Fact]
    public async Task Request_WithoutItsAnswer_IsRefusedAsTheRealServerDoes()
    {
        var (response, asked) = await AskAsync();

        var events = await _socket.AskAsync(Offer(Request(response, User("Never mind")), "\"always\""));

        Assert.Equal($"The following MCP approval requests do not have an approval: {asked}", events.Error().Text("message"));
    }

    [Theory]
    [InlineData("mcpr_unknown")]
    [InlineData(null)]
    public async Task Answer_WithoutItsRequest_IsRefused(string? id)
    {
        var (response, asked) = await AskAsync();
        var twice = id is null;

        var events = await _socket.AskAsync(Offer(
            Request(response, Approval(asked, approve: true), Approval(twice ? asked : id!, approve: true)), "\"always\""));

        Assert.Equal($"No MCP approval request found with id {(twice ? asked : id)}.", events.Error().Text("message"));
    }

    [Fact]
    public async Task Answer_WithoutApprove_IsRefused()
    {
        var (response, asked) = await AskAsync();
        var half = Approval(asked, approve: true);
        half.Remove("approve");

        var events = await _socket.AskAsync(Offer(Request(response, half), "\"always\""));

        Assert.Equal("input[0].approve", events.Error().Text("param"));
    }

    private async Task<(string Response, string Asked)> AskAsync()
    {
        var events = await _socket.AskAsync(Offer(Request(Wish), "\"always\""));
        return (events.Id(), Assert.Single(events.Response().Items("mcp_approval_request")).Text("id"));
    }

    private static JsonObject Approval(string id, bool approve) =>
        new() { ["type"] = "mcp_approval_response", ["approval_request_id"] = id, ["approve"] = approve };

    private static JsonObject Offer(JsonObject request, string policy)
    {
        request["tools"] = new JsonArray(new JsonObject
        {
            ["type"] = "mcp",
            ["server_label"] = "billing",
            ["server_url"] = "https://billing.example.com/mcp",
            ["allowed_tools"] = new JsonArray("refund", "look"),
            ["require_approval"] = JsonNode.Parse(policy),
        });
        return request;
    }
}
