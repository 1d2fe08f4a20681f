using System.Text;
using Copilot.Domain.Responses;

namespace Copilot.Tests.Responses;

public sealed class RequestWriterTests
{
    private static readonly ResponseSettings s_bare = new() { Model = "gpt-5.6" };

    private static readonly ResponseSettings s_full = new()
    {
        Model = "gpt-5.6",
        Instructions = "Be brief – \"please\".",
        Tools = """[{"type":"function","name":"find"}]"""u8.ToArray(),
        ParallelToolCalls = false,
        Store = true,
        ReasoningEffort = "low",
        ReasoningSummary = "auto",
        MaxOutputTokens = 100,
        PromptCacheKey = "session-1",
        Text = """{"format":{"type":"text"}}"""u8.ToArray(),
        Metadata = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" },
    };

    [Fact]
    public void Write_BareOverWebSocket_IsFlat() => Assert.Equal(
        """{"type":"response.create","model":"gpt-5.6","store":false,"include":["reasoning.encrypted_content"],"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]}]}""",
        Write(new ResponseRequest { Settings = s_bare, Input = [InputItem.UserMessage("hi")] }, TransportKind.WebSocket));

    [Fact]
    public void Write_BareOverHttp_Streams() => Assert.Equal(
        """{"stream":true,"model":"gpt-5.6","store":false,"include":["reasoning.encrypted_content"],"input":[]}""",
        Write(new ResponseRequest { Settings = s_bare, Input = [], PreviousResponseId = "resp_1", WarmUp = true }, TransportKind.Http));

    [Fact]
    public void Write_Full_HasEveryField() => Assert.Equal(
        """{"type":"response.create","model":"gpt-5.6","store":true,"instructions":"Be brief – \"please\".","tools":[{"type":"function","name":"find"}],"parallel_tool_calls":false,"reasoning":{"effort":"low","summary":"auto"},"max_output_tokens":100,"prompt_cache_key":"session-1","text":{"format":{"type":"text"}},"metadata":{"a":"1","b":"2"},"previous_response_id":"resp_1","generate":false,"input":[]}""",
        Write(new ResponseRequest { Settings = s_full, Input = [], PreviousResponseId = "resp_1", WarmUp = true }, TransportKind.WebSocket));

    [Fact]
    public void Write_StoredOverHttp_KeepsThePreviousResponse() => Assert.Contains(
        "\"previous_response_id\":\"resp_1\"",
        Write(new ResponseRequest { Settings = s_full, Input = [], PreviousResponseId = "resp_1" }, TransportKind.Http),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void Measure_Request_IsExact(int items)
    {
        foreach (var kind in Enum.GetValues<TransportKind>())
        {
            var request = new ResponseRequest { Settings = s_full, Input = [.. Enumerable.Range(0, items).Select(i => InputItem.UserMessage($"é {i}"))] };
            Assert.Equal(RequestWriter.Write(request, kind).Length, RequestWriter.Measure(request, kind));
        }
    }

    private static string Write(ResponseRequest request, TransportKind kind) => Encoding.UTF8.GetString(RequestWriter.Write(request, kind).Span);
}
