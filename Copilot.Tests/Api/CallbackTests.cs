using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Api.Callbacks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Api;

/// <summary>Runs that are reported to their caller's address, over real sockets.</summary>
public sealed class CallbackTests
{
    private const string Secret = "a-secret-of-24-letters--";

    [Fact]
    public async Task Callback_RefusedAtFirst_ComesAgainSignedAndWithTheSameId()
    {
        await using var receiver = await Receiver.StartAsync();
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
        Assert.Equal(expected, CallbackAddress.IsPublic(IPAddress.Parse(address)));

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

    private sealed record Call(string Id, string Timestamp, string Signature, string Body);

    /// <summary>Somebody else's server: refuses the first call and accepts the others.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly Channel<Call> _calls = Channel.CreateUnbounded<Call>();
        private int _count;

        private Receiver(WebApplication app) => _app = app;

        public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/runs");

        public static async Task<Receiver> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var receiver = new Receiver(app);
            app.MapPost("/runs", receiver.TakeAsync);
            await app.StartAsync();
            return receiver;
        }

        public Task<Call> NextAsync() => _calls.Reader.ReadAsync().AsTask().Soon("a callback comes");

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private async Task<IResult> TakeAsync(HttpRequest request)
        {
            using var reader = new StreamReader(request.Body);
            var headers = request.Headers;
            _calls.Writer.TryWrite(new Call(
                headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(), await reader.ReadToEndAsync()));
            return Interlocked.Increment(ref _count) == 1 ? Results.StatusCode(500) : Results.NoContent();
        }
    }
}
