using System.Text;
using Copilot.Domain.Responses.Events;
using static Copilot.Tests.Shared.Upstream.Frames;

namespace Copilot.Tests.Responses.Events;

/// <summary>Events in every shape: unknown, bare, broken, and what reading them costs.</summary>
public sealed class ResponseEventShapeTests
{
    [Theory]
    [InlineData("""{"type":"response.brand_new.delta","sequence_number":3,"delta":{"a":1}}""", "response.brand_new.delta", 3L)]
    [InlineData("""{"type":"keepalive","sequence_number":4}""", "keepalive", 4L)]
    [InlineData("""{"type":"codex.rate_limits","rate_limits":{}}""", "codex.rate_limits", null)]
    [InlineData("""{"type":"response.output_item.done","output_index":0}""", "response.output_item.done", null)]
    [InlineData("""{"type":12}""", "12", null)]
    [InlineData("""{}""", "", null)]
    public void Parse_Unknown_HasItsJson(string json, string type, long? sequence)
    {
        var parsed = Assert.IsType<UnknownResponseEvent>(Parse(json));
        Assert.Equal(type, parsed.Type);
        Assert.Equal(sequence, parsed.SequenceNumber);
        Assert.Equal(json, Encoding.UTF8.GetString(parsed.Json.Span));
    }

    [Fact]
    public void Parse_UnknownLongerThanAnyKnown_IsUnknown() =>
        Assert.IsType<UnknownResponseEvent>(Parse($$"""{"type":"response.{{new string('x', 5000)}}"}"""));

    [Theory]
    [InlineData("response.output_text.delta")]
    [InlineData("response.output_text.done")]
    [InlineData("response.created")]
    [InlineData("response.completed")]
    [InlineData("response.content_part.added")]
    [InlineData("response.output_text.annotation.added")]
    [InlineData("response.mcp_call.failed")]
    [InlineData("response.steer.failed")]
    [InlineData("error")]
    public void Parse_BareType_IsAccepted(string type)
    {
        Assert.Equal(type, Parse($$"""{"type":"{{type}}"}""").Type);
        Assert.Equal(type, Parse($$"""{"type":"{{type}}","sequence_number":null,"item_id":null,"output_index":"1","delta":null,"text":5,"response":[],"part":null,"error":null,"annotation":null}""").Type);
    }

    [Fact]
    public void Parse_HalfASurrogatePair_IsAccepted() =>
        Assert.NotNull(Assert.IsType<TextDeltaEvent>(Parse("""{"type":"response.output_text.delta","delta":"\ud83d"}""")).Delta);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"error\"")]
    [InlineData("{\"type\":\"error\"")]
    [InlineData("{\"type\":\"error\"} {}")]
    [InlineData("<html>")]
    public void TryParse_NotOneObject_IsFalse(string text)
    {
        Assert.False(ResponseEventParser.TryParse(Encoding.UTF8.GetBytes(text), out var parsed));
        Assert.Null(parsed);
        Assert.Throws<FormatException>(() => Parse(text));
    }

    [Theory]
    [InlineData("[DONE]", true)]
    [InlineData(" \r\n", true)]
    [InlineData("", true)]
    [InlineData("{}", false)]
    public void IsFiller_Text_IsDistinguishedFromEvents(string text, bool expected) => Assert.Equal(expected, ResponseEventParser.IsFiller(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Parse_RowOfDeltas_AllocatesLessThan300BytesEach()
    {
        var json = Encoding.UTF8.GetBytes(
            """{"type":"response.output_text.delta","sequence_number":1234,"item_id":"msg_0123456789abcdef0123456789abcdef0123456789abcdef","output_index":1,"content_index":0,"delta":" technician","logprobs":[],"obfuscation":"Xk2p9"}""");
        ResponseEventParser.Parse(json);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            ResponseEventParser.Parse(json);
        }

        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000;
        Assert.InRange(each, 1, 300);
    }

    [Fact]
    public void Parse_KnownType_SharesItsString() =>
        Assert.Same(Parse("""{"type":"response.created"}""").Type, Parse("""{"type":"response.created"}""").Type);
}
