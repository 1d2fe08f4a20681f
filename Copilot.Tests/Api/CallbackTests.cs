using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Security.Webhooks;

namespace Copilot.Tests.Api;

/// <summary>Runs that are reported to their caller's address, over real sockets.</summary>
public sealed class CallbackTests
{
    private const string Secret = "a-secret-of-24-letters--";

    [Fact]
    public async Task Callback_RefusedAtFirst_ComesAgainSignedAndWithTheSameId()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var host = await WholeHost.StartAsync(
            $"--Callbacks:Secret={Secret}", "--Callbacks:AllowPrivateAddresses=true", "--Callbacks:RetryDelay=00:00:00.050", "--DemoTools:Latency=00:00:00");
        using var client = Client(host);

        var run = await StartAsync(client, receiver.Address);
        var refused = await receiver.NextAsync();
        var accepted = await receiver.NextAsync();

        Assert.Equal(refused.Id, accepted.Id);
        foreach (var call in new[] { refused, accepted })
        {
            var signed = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{call.Id}.{call.Timestamp}.{call.Body}"));
            Assert.Equal("v1," + Convert.ToBase64String(signed), call.Signature);
        }

        using var body = JsonDocument.Parse(accepted.Body);
        Assert.Equal("run.completed", body.RootElement.GetProperty("type").GetString());
        Assert.Equal(run, body.RootElement.GetProperty("run").GetProperty("run_id").GetString());

        // The run can be waited for and read with what was sent along.
        var read = await client.GetFromJsonAsync<JsonElement>(new Uri($"/api/runs/{run}?wait=50", UriKind.Relative));
        Assert.Equal("completed", read.GetProperty("status").GetString());
        Assert.Equal("Which cooling pumps are in stock?", read.GetProperty("input").GetString());
        Assert.Equal("4711", read.GetProperty("metadata").GetProperty("ticket").GetString());
        Assert.Equal(JsonValueKind.Null, read.GetProperty("model").ValueKind);
        using var wrong = await client.GetAsync(new Uri($"/api/runs/{run}?wait=soon", UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task Callback_WithoutASecretOrToNoAddress_IsRefused()
    {
        await using var host = await WholeHost.StartAsync();
        using var client = Client(host);

        using var notOffered = await PostAsync(client, "https://example.com/");
        using var invalid = await PostAsync(client, "ftp://example.com/");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, notOffered.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, invalid.StatusCode);
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.0.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    public void IsPublic_Address_IsWhatItSays(string address, bool expected) =>
        Assert.Equal(expected, WebhookAddress.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("https://example.com/a?b=c", true)]
    [InlineData("http://bücher.example/", true)]
    [InlineData("https://a\u200d.example/", false)]
    [InlineData("https://\u2488.example/", false)]
    [InlineData("https://user@example.com/", false)]
    [InlineData("https:///", false)]
    [InlineData("/runs", false)]
    public async Task IsValid_Address_IsWhatItSaysAndNeverFailsOtherwise(string url, bool expected)
    {
        using var sender = new WebhookSender(() => false, TimeProvider.System);

        Assert.Equal(expected, WebhookAddress.IsValid(url));

        if (!expected && url.StartsWith("https://", StringComparison.Ordinal) && !url.Contains('@', StringComparison.Ordinal))
        {
            // One that was saved before it was looked at.
            var failure = await Assert.ThrowsAnyAsync<Exception>(
                () => sender.SendAsync(new Webhook(url, Secret, "1", "{}"u8.ToArray()), TimeSpan.FromSeconds(5), CancellationToken.None));
            Assert.True(WebhookSender.IsTheirs(failure), failure.ToString());
        }
    }

    private static HttpClient Client(WholeHost host)
    {
        var client = host.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", "demo-key");
        return client;
    }

    private static async Task<string> StartAsync(HttpClient client, Uri callback)
    {
        using var answer = await PostAsync(client, callback.ToString());
        var receipt = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return receipt.GetProperty("run_id").GetString()!;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string callback) => client.PostAsJsonAsync(
        new Uri("/api/runs", UriKind.Relative),
        new { input = "Which cooling pumps are in stock?", metadata = new { ticket = "4711" }, callback_url = callback });
}
