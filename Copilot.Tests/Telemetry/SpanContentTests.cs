using System.Text;
using System.Text.Json;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Telemetry;
using Copilot.Domain.Telemetry;

namespace Copilot.Tests.Telemetry;

/// <summary>What spans may carry, whatever models and upstreams write.</summary>
public sealed class SpanContentTests
{
    [Theory]
    [InlineData("""{"type":"message","role":"user","content":"half \ud83d"}""")]
    [InlineData("""{"type":"message","role":"user","content":[{"type":"input_text","text":"half \ud83d"},{"\udc00":1}]}""")]
    [InlineData("""{"type":"function_call","call_id":"call_1","name":"look","arguments":"{\"a\":\"\\ud83d\"} \ud83d"}""")]
    [InlineData("""{"type":"function_call_output","call_id":"call_1","output":"half \ud83d"}""")]
    [InlineData("""{"\ud83d":1,"type":"message","role":"user","content":"whole"}""")]
    public void Messages_WithHalfOfACharacter_AreStillJson(string item)
    {
        using var messages = JsonDocument.Parse(SpanContent.Messages([new InputItem(Encoding.UTF8.GetBytes(item))]));

        Assert.NotEqual(JsonValueKind.Undefined, messages.RootElement[0].GetProperty("parts").ValueKind);
    }

    [Fact]
    public void Message_WithHalfOfACharacter_IsStillJson()
    {
        using var message = JsonDocument.Parse(SpanContent.Message("assistant", "half \ud83d"));

        Assert.StartsWith("half ", message.RootElement[0].GetProperty("parts")[0].GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rate_limit_exceeded", "rate_limit_exceeded")]
    [InlineData("400", "400")]
    [InlineData("The prompt 'my secret' was refused", GenAi.OtherError)]
    [InlineData("zürich", GenAi.OtherError)]
    public void Word_OfAnUpstreamsCode_IsNoSentence(string code, string word) => Assert.Equal(word, TraceSubject.Word(code));

    [Fact]
    public void Word_ThatIsLong_IsNone() => Assert.Equal(GenAi.OtherError, TraceSubject.Word(new string('a', 65)));
}
