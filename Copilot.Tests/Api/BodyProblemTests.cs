using Copilot.Web.Api;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Runs;

namespace Copilot.Tests.Api;

/// <summary>Requests that are refused, and what is said about them; none of them starts a run.</summary>
public sealed class BodyProblemTests(DemoHost demo) : IClassFixture<DemoHost>, IDisposable
{
    private readonly PeopleHost _host = demo.Host;
    private readonly HttpClient _client = demo.Host.Program("demo-key");

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("""{"input":7}""", "input", "'input' must be a string.")]
    [InlineData("""{"input":"\ud800"}""", "input", "'input' is not valid Unicode.")]
    [InlineData("""{"input":null}""", "input", ApiText.InputMissing)]
    [InlineData("""{"input":"a","session_id":{}}""", "session_id", "'session_id' must be a string.")]
    [InlineData("""{"input":"a","files":"file_1"}""", "files", ApiText.FilesInvalid)]
    [InlineData("""{"input":"a","files":[null]}""", "files", ApiText.FilesInvalid)]
    [InlineData("""{"input":"a","files":["\udfff"]}""", "files", "'files' is not valid Unicode.")]
    [InlineData("""{"input":"a","metadata":{"k":1}}""", "metadata", ApiText.MetadataInvalid)]
    [InlineData("""{"input":"a","metadata":{"k":null}}""", "metadata", ApiText.MetadataInvalid)]
    [InlineData("""{"input":"a","metadata":{"k":"\ud800"}}""", "metadata", "'metadata' is not valid Unicode.")]
    [InlineData("""{"input":"a","metadata":{"a.b[0]":["c"]}}""", "metadata", ApiText.MetadataInvalid)]
    [InlineData("""{"input":"a","metadata":{"":"c"}}""", "metadata", "'metadata' must have keys of 1 to 64 characters and values of at most 512 characters.")]
    [InlineData("""{"input":"a","budget":"1"}""", "budget", "'budget' must be " + ApiText.AmountForm + ".")]
    [InlineData("""{"input":"a","budget":0}""", "budget", "'budget' must be " + ApiText.AmountForm + ".")]
    [InlineData("""{"input":"a","text":{"format":[]}}""", "text.format", "'text.format' must be an object with a 'type'.")]
    [InlineData("""{"input":"a","text":{"format":{"type":1}}}""", "text.format.type", "'text.format.type' must be a string.")]
    [InlineData("""{"input":"a","text":{"format":{"type":"json_schema","schema":{}}}}""", "text.format.name", ApiText.FormatNameMissing)]
    public async Task Create_FieldThatCannotBeUsed_IsNamedWithWhatToSend(string body, string field, string detail)
    {
        using var response = await CreateAsync(body);

        var problem = await RunApiTests.AssertProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Equal(field, problem.GetProperty("field").GetString());
        Assert.Equal(detail, problem.GetProperty("detail").GetString());
        Assert.Empty(_host.Runs.Requests);
    }

    [Theory]
    [InlineData("{", "The body is not valid JSON.")]
    [InlineData("", "The body is not valid JSON.")]
    [InlineData("""{"input":"a",}""", "The body is not valid JSON.")]
    [InlineData("[]", "The body must be a JSON object.")]
    [InlineData("null", "The body must be a JSON object.")]
    public async Task Create_BodyThatIsNoObject_IsToldSo(string body, string detail)
    {
        using var response = await CreateAsync(body);

        var problem = await RunApiTests.AssertProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Equal(detail, problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("{", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("{}", HttpStatusCode.BadRequest)]
    [InlineData("""{"input":" "}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"input":7}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"input":"\ud800"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"\ud800":1,"input":"a"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"input":7,"\ud800":1}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"input":"a","metadata":{"k":1}}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"input":"a","metadata":[]}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"input":"a","session_id":3}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"input":"a","session_id":"ses_unknown"}""", HttpStatusCode.NotFound)]
    public async Task Create_WrongBody_AnswersProblem(string body, HttpStatusCode expected)
    {
        using var response = await CreateAsync(body);

        await RunApiTests.AssertProblemAsync(response, expected);
        Assert.Empty(_host.Runs.Requests);
    }

    [Fact]
    public async Task Create_OtherContentType_Answers415()
    {
        using var response = await _client.PostAsync("/api/runs", new StringContent("input=a", Encoding.UTF8, "text/plain"));

        await RunApiTests.AssertProblemAsync(response, HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("application/json", "gzip")]
    [InlineData("application/json", "br")]
    [InlineData("application/json; charset=utf-16", null)]
    public async Task Create_OtherEncoding_Answers415(string contentType, string? encoding)
    {
        using var content = new ByteArrayContent("""{"input":"a"}"""u8.ToArray());
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        using var response = await _client.PostAsync("/api/runs", content);

        await RunApiTests.AssertProblemAsync(response, HttpStatusCode.UnsupportedMediaType);
        Assert.Equal(encoding is not null, response.Headers.TryGetValues("Accept-Encoding", out _));
        Assert.Empty(_host.Runs.Requests);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=\"UTF-8\"")]
    [InlineData("application/json; charset=utf8")]
    [InlineData("application/json; charset=iso-8859-1")]
    public async Task Create_BodyWithTheMarkOfUtf8_IsRead(string contentType)
    {
        using var content = new ByteArrayContent([.. Encoding.UTF8.Preamble, .. """{"input":7}"""u8]);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);

        using var response = await _client.PostAsync("/api/runs", content);

        var problem = await RunApiTests.AssertProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Equal("'input' must be a string.", problem.GetProperty("detail").GetString());
        Assert.Empty(_host.Runs.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Create_TooLarge_Answers413(bool isChunked)
    {
        var body = $$"""{"input":"{{new string('x', BodyBytes.Max)}}"}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/runs")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = isChunked;

        using var response = await _client.SendAsync(request);

        await RunApiTests.AssertProblemAsync(response, HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("101")]
    [InlineData("")]
    public async Task Create_WrongWait_Answers400(string wait)
    {
        using var response = await _client.PostAsJsonAsync("/api/runs?wait=" + wait, new { input = "a" });

        await RunApiTests.AssertProblemAsync(response, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Any_UnknownAddress_Answers404Problem()
    {
        using var response = await _client.GetAsync("/api/nothing");

        await RunApiTests.AssertProblemAsync(response, HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("7", HttpStatusCode.BadRequest, "'text'")]
    [InlineData("""{"format":"json"}""", HttpStatusCode.BadRequest, "'text.format'")]
    [InlineData("""{"format":{}}""", HttpStatusCode.BadRequest, "'text.format.type'")]
    [InlineData("""{"format":{"type":"xml"}}""", HttpStatusCode.UnprocessableEntity, "'text.format.type'")]
    [InlineData("""{"format":{"type":"json_schema","schema":{}}}""", HttpStatusCode.BadRequest, "'text.format.name'")]
    [InlineData("""{"format":{"type":"json_schema","name":"a b","schema":{}}}""", HttpStatusCode.UnprocessableEntity, "'text.format.name'")]
    [InlineData("""{"format":{"type":"json_schema","name":"a"}}""", HttpStatusCode.BadRequest, "'text.format.schema'")]
    [InlineData("""{"format":{"type":"json_schema","name":"a","schema":[]}}""", HttpStatusCode.BadRequest, "'text.format.schema'")]
    [InlineData("""{"format":{"type":"json_schema","name":"a","schema":{},"strict":"yes"}}""", HttpStatusCode.BadRequest, "'text.format.strict'")]
    public async Task Create_FormatThatCannotBeUsed_SaysWhichFieldToChange(string text, HttpStatusCode expected, string field)
    {
        using var response = await CreateAsync("""{"input":"a","text":""" + text + "}");

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith(field, (await RunApiTests.JsonAsync(response)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(_host.Runs.Requests);
    }

    [Fact]
    public void Invalid_RefusedByTheRun_SaysTheSentenceWithoutOurParameter()
    {
        Assert.Equal("It is too long.", CommandResult.Invalid(Refusal(""), "input").Problem);

        static ArgumentException Refusal(string request) => new("It is too long.", nameof(request));
    }

    private Task<HttpResponseMessage> CreateAsync(string body) =>
        _client.PostAsync("/api/runs", new StringContent(body, Encoding.UTF8, "application/json"));
}
