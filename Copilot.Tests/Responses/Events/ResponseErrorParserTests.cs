using System.Text;
using Copilot.Domain.Responses.Events;

namespace Copilot.Tests.Responses.Events;

public sealed class ResponseErrorParserTests
{
    public static TheoryData<string, string?, string?, string, string?, int?, double?> Events => new()
    {
        // The WebSocket envelope.
        {
            """{"type":"error","status":400,"stream_id":"main","error":{"type":"invalid_request_error","code":"previous_response_not_found","message":"Gone.","param":"previous_response_id"}}""",
            "previous_response_not_found", "invalid_request_error", "Gone.", "previous_response_id", 400, null
        },
        { """{"type":"error","status":400,"error":{"type":"invalid_request_error","code":null,"message":"No tool call.","param":"input"}}""", null, "invalid_request_error", "No tool call.", "input", 400, null },

        // Flat and nested.
        { """{"type":"error","code":"server_error","message":"It broke.","param":null,"sequence_number":2}""", "server_error", null, "It broke.", null, null, null },
        { """{"type":"error","sequence_number":2,"error":{"type":"server_error","code":"server_error","message":"It broke."}}""", "server_error", "server_error", "It broke.", null, null, null },

        // Delays: inside the error, beside it, as milliseconds, in the message text.
        { """{"type":"error","status":429,"error":{"code":"rate_limit_exceeded","message":"Slow.","headers":{"Retry-After":"2"}}}""", "rate_limit_exceeded", null, "Slow.", null, 429, 2.0 },
        { """{"type":"error","status_code":429,"error":{"message":"Slow."},"headers":{"retry-after":3}}""", null, null, "Slow.", null, 429, 3.0 },
        { """{"type":"error","error":{"message":"Slow."},"headers":{"retry-after":["4","5"],"retry-after-ms":"150","odd":{"a":[1]}}}""", null, null, "Slow.", null, null, 0.15 },
        { """{"type":"error","error":{"message":"Rate limit reached. Please try again in 1.898s. Visit x."}}""", null, null, "Rate limit reached. Please try again in 1.898s. Visit x.", null, null, 1.898 },
        { """{"type":"error","message":"Try again in 28ms"}""", null, null, "Try again in 28ms", null, null, 0.028 },
        { """{"type":"error","message":"try again in 6m0s."}""", null, null, "try again in 6m0s.", null, null, 360.0 },
        { """{"type":"error","message":"try again in 11.054 seconds"}""", null, null, "try again in 11.054 seconds", null, null, 11.054 },
        { """{"type":"error","message":"try again in 99999999999999999999h"}""", null, null, "try again in 99999999999999999999h", null, null, null },
        { """{"type":"error","message":"try again in ٥s"}""", null, null, "try again in ٥s", null, null, null },
        { """{"type":"error","error":{"message":"Slow."},"headers":{"retry-after":"Wed, 21 Oct 2026 07:28:00 GMT"}}""", null, null, "Slow.", null, null, null },

        // FastAPI.
        { """{"type":"error","error":{"detail":"Unsupported parameter: generate"},"status":400}""", null, null, "Unsupported parameter: generate", null, 400, null },
        { """{"detail":[{"loc":["body","input"],"msg":"field required"},{"msg":"too long"}]}""", null, null, "field required; too long", "input", null, null },
        { """{"type":"error","detail":{"message":"Inner."}}""", null, null, "Inner.", null, null, null },

        // Names that are no text, as fuzzing found.
        { """{"type":"error","\ud800":"is","error":{"message":"Half.","headers":{"\udc00":"1"}}}""", null, null, "Half.", null, null, null },

        // Hardly anything.
        { """{"type":"error","error":"Just words."}""", null, null, "Just words.", null, null, null },
        { """{"type":"error","error":{"code":"weird"}}""", "weird", null, "The upstream reported the error weird.", null, null, null },
        { """{"type":"error"}""", null, null, "The upstream reported an error without saying what it was.", null, null, null },
        { """{"type":"error","error":{"message":"  ","code":500},"status":"bad"}""", "500", null, "The upstream reported the error 500.", null, null, null },
        { """{"error":{"message":"No type at all."}}""", null, null, "No type at all.", null, null, null },
    };

    [Theory]
    [MemberData(nameof(Events))]
    public void Parse_Error_ReadsEveryShape(string json, string? code, string? type, string message, string? param, int? status, double? seconds)
    {
        var parsed = Assert.IsType<ResponseErrorEvent>(ResponseEventParser.Parse(Encoding.UTF8.GetBytes(json)));
        Assert.True(parsed.IsTerminal);
        Assert.Equal("error", parsed.Type);
        Assert.Equal(
            new ResponseError
            {
                Code = code,
                ErrorType = type,
                Message = message,
                Param = param,
                Status = status,
                RetryAfter = seconds is { } wait ? TimeSpan.FromSeconds(wait) : null,
            },
            parsed.Error);
    }

    [Theory]
    [InlineData("""{"error":{"message":"Bad.","code":"c","type":"t","param":"p"}}""", "Bad.")]
    [InlineData("""{"detail":"Not Found"}""", "Not Found")]
    [InlineData("""{"message":"flat"}""", "flat")]
    [InlineData("{}", "The upstream answered with status 503 and gave no reason.")]
    [InlineData("", "The upstream answered with status 503 and no body.")]
    [InlineData("upstream connect error", "The upstream answered with status 503: upstream connect error")]
    [InlineData("{broken", "The upstream answered with status 503: {broken")]
    [InlineData("<html><title>Bad gateway</title><body>…</body></html>", "The upstream answered with status 503: Bad gateway")]
    [InlineData("<style>p{}</style><p>Down &amp;\n out</p>", "The upstream answered with status 503: Down & out")]
    public void ReadHttp_Body_GivesOneSentence(string body, string message)
    {
        var error = ResponseErrorParser.ReadHttp(503, Encoding.UTF8.GetBytes(body), TimeSpan.FromSeconds(9));
        Assert.Equal(message, error.Message);
        Assert.Equal(503, error.Status);
        Assert.Equal(TimeSpan.FromSeconds(9), error.RetryAfter);
    }

    [Fact]
    public void ReadEvent_WordsWithoutEnd_AreCut()
    {
        var words = new string('x', 5_000);
        var error = ResponseErrorParser.ReadEvent(Encoding.UTF8.GetBytes($$"""{"type":"error","code":"{{words}}","message":"{{words}}","param":"{{words}}"}"""));

        Assert.Equal(201, error.Code!.Length);
        Assert.Equal(2_001, error.Message.Length);
        Assert.Equal(201, error.Param!.Length);
    }

    [Fact]
    public void ReadHttp_LongText_IsCut() =>
        Assert.InRange(ResponseErrorParser.ReadHttp(500, Encoding.UTF8.GetBytes(new string('x', 100_000)), null).Message.Length, 300, 360);
}
