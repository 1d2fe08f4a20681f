using Copilot.Web.Api;
using System.Net;
using System.Text;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
namespace Copilot.Tests.Api;

/// <summary>A body that cannot be used is answered with the field and what to send.</summary>
public sealed class BodyProblemTests : IAsyncLifetime
{
    private PeopleHost _host = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await PeopleHost.StartDemoAsync();
        _client = _host.Program("demo-key");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

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
        using var response = await _client.PostAsync("/api/runs", new StringContent(body, Encoding.UTF8, "application/json"));

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
        using var response = await _client.PostAsync("/api/runs", new StringContent(body, Encoding.UTF8, "application/json"));

        var problem = await RunApiTests.AssertProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Equal(detail, problem.GetProperty("detail").GetString());
    }
}
