using System.Net;
using System.Text;
using Copilot.Tests.Shared;
using System.Text.Json.Nodes;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Demo.Upstream.Faults;

/// <summary>Faults of the HTTP side.</summary>
public sealed class PostFaultTests(DemoUpstreamFixture fixture) : IClassFixture<DemoUpstreamFixture>
{
    private readonly DemoUpstreamHost _host = fixture.Host;
    private readonly string _key = Guid.NewGuid().ToString();

    [Theory]
    [InlineData("http_401", 401, "application/json", null)]
    [InlineData("http_403_html", 403, "text/html", null)]
    [InlineData("http_429", 429, "application/json", "2")]
    [InlineData("http_500", 500, "application/json", null)]
    [InlineData("http_502_html", 502, "text/html", null)]
    [InlineData("http_503", 503, "application/json", "2")]
    [InlineData("http_200_html", 200, "text/html", null)]
    [InlineData("rate_limit_header", 429, "application/json", "2")]
    [InlineData("server_is_overloaded", 503, "application/json", null)]
    [InlineData("context_length_exceeded", 400, "application/json", null)]
    public async Task Post_Refused_OnceThenAnswered(string fault, int status, string type, string? retryAfter)
    {
        using var refused = await PostAsync(fault);

        Assert.Equal((HttpStatusCode)status, refused.StatusCode);
        Assert.Equal(type, refused.Content.Headers.ContentType!.MediaType);
        Assert.Equal(retryAfter, refused.Headers.TryGetValues("Retry-After", out var values) ? values.Single() : null);
        await CompletesAsync(fault);
    }

    [Theory]
    [InlineData("http_reset")]
    [InlineData("cut")]
    public async Task Post_ResetBeforeTheFirstByte_Fails(string fault)
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(fault));
        await CompletesAsync(fault);
    }

    [Fact]
    public async Task Stream_EndedInTheMiddle_LooksWholeButHasNoTerminalEvent()
    {
        using var response = await PostAsync("http_cut");
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(5, text.Split("event: ").Length - 1);
        Assert.DoesNotContain("response.completed", text, StringComparison.Ordinal);
        await CompletesAsync("http_cut");
    }

    [Fact]
    public async Task Stream_ResetInTheMiddle_IsTorn()
    {
        using var response = await PostAsync("cut_text");

        var received = new MemoryStream();
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            await using var stream = await response.Content.ReadAsStreamAsync();
            await stream.CopyToAsync(received);
        });
        Assert.Equal(6, Encoding.UTF8.GetString(received.ToArray()).Split("event: ").Length - 1);
        await CompletesAsync("cut_text");
    }

    [Fact]
    public async Task Post_Swallowed_IsNeverAnswered()
    {
        var faults = (Copilot.Demo.Upstream.Faults.DemoFaults)_host.Services.GetService(typeof(Copilot.Demo.Upstream.Faults.DemoFaults))!;
        var struck = new TaskCompletionSource();
        faults.Changed += () => struck.TrySetResult();
        using var patience = new CancellationTokenSource();
        var posting = PostAsync("http_hang", patience.Token);
        await struck.Task.Soon("the POST to be swallowed");
        await CompletesAsync("http_hang");
        Assert.False(posting.IsCompleted);

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => posting);
    }

    [Fact]
    public async Task Events_InAnHttpStream_GetTheSameFaults()
    {
        using var response = await PostAsync("error_then_failed");
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(
            ["error", "response.failed"],
            text.Split('\n').Where(line => line.StartsWith("event: ", StringComparison.Ordinal)).Select(line => line["event: ".Length..]).TakeLast(2));
        await CompletesAsync("error_then_failed");
    }

    private Task<HttpResponseMessage> PostAsync(string fault) => PostAsync(fault, CancellationToken.None);

    private async Task<HttpResponseMessage> PostAsync(string fault, CancellationToken cancellationToken)
    {
        var body = FaultyRequest.Of(fault, _key);
        body.Remove("type");
        body["stream"] = true;
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("responses", UriKind.Relative)) { Content = content };
        return await _host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private async Task CompletesAsync(string fault)
    {
        using var response = await PostAsync(fault);
        Assert.Contains("event: response.completed", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
