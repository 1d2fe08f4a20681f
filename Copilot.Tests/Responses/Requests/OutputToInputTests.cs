using System.Text;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;

namespace Copilot.Tests.Responses.Requests;

public sealed class OutputToInputTests
{
    [Theory]
    [InlineData("""{"id":"msg_1","type":"message","role":"assistant","status":"completed","phase":"commentary","content":[{"type":"output_text","text":"a \"q\" \u00fc","id":"in"}]}""",
        """{"type":"message","role":"assistant","phase":"commentary","content":[{"type":"output_text","text":"a \"q\" \u00fc","id":"in"}]}""")]
    [InlineData("""{"id":"fc_1","type":"function_call","status":"completed","call_id":"call_1","name":"f","arguments":"{}"}""",
        """{"type":"function_call","call_id":"call_1","name":"f","arguments":"{}"}""")]
    [InlineData("""{"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search"}}""",
        """{"type":"web_search_call","status":"completed","action":{"type":"search"}}""")]
    [InlineData("""{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAA","status":"completed"}""",
        """{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAA","status":"completed"}""")]
    [InlineData("""{"type":"compaction","id":"cmp_1","encrypted_content":"gAAA"}""", """{"type":"compaction","id":"cmp_1","encrypted_content":"gAAA"}""")]
    [InlineData("""{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":null}""", null)]
    [InlineData("""{"type":"reasoning","id":"rs_1","summary":[]}""", null)]
    [InlineData("""{"type":"mcp_approval_request","id":"mcpr_1","name":"x"}""", """{"type":"mcp_approval_request","id":"mcpr_1","name":"x"}""")]
    [InlineData("""{ "id" : "a", "type" : "message", "role" : "assistant", "content" : [ ] }""", """{"type" : "message","role" : "assistant","content" : [ ]}""")]
    public void From_NotStored_LeavesOutWhatTheUpstreamCannotKnow(string json, string? expected) =>
        Assert.Equal(expected, Replay(json, store: false));

    [Theory]
    [InlineData("""{"type":"message"}""", null)]
    [InlineData("""{"type":"message","role":"assistant","content":null}""", null)]
    [InlineData("""{"type":"message","role":"assistant","content":{"type":"output_text","text":"x"}}""", null)]
    [InlineData("""{"type":"message","role":"assistant","content":[{"type":"output_text","text":42}]}""", null)]
    [InlineData("""{"type":"message","role":"assistant","content":[{"type":"refusal","refusal":null}]}""", null)]
    [InlineData("""{"type":"message","content":"x"}""", """{"type":"message","content":"x","role":"assistant"}""")]
    [InlineData("""{"type":"message","role":"user","content":[{"type":"input_text","text":"x"}]}""", """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"x"}]}""")]
    [InlineData("""{"type":"message","role":"assistant","content":[null,1,{"text":"y"},{"type":"output_text","text":"x"},{"type":"new","a":[1]}]}""",
        """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"x"},{"type":"new","a":[1]}]}""")]
    [InlineData("""{"type":"function_call","call_id":7,"name":8,"arguments":"{}"}""", """{"type":"function_call","call_id":"7","name":"8","arguments":"{}"}""")]
    public void From_WhatNoUpstreamTakesBack_IsMadeWholeOrLeftOut(string json, string? expected) => Assert.Equal(expected, Replay(json, store: false));

    [Theory]
    [InlineData("""{"type":"reasoning","id":"rs_1","summary":[]}""")]
    [InlineData("""{"id":"msg_1","type":"message","status":"completed","content":[]}""")]
    public void From_Stored_IsVerbatim(string json) => Assert.Equal(json, Replay(json, store: true));

    private static string? Replay(string json, bool store) =>
        OutputToInput.From(OutputItemReader.Read(Encoding.UTF8.GetBytes(json)), store) is { } item ? Encoding.UTF8.GetString(item.Json.Span) : null;
}
