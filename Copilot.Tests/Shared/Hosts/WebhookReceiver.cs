using System.Threading.Channels;
using Copilot.Tests.Shared.Clock;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Shared.Hosts;

/// <summary>Somebody else's server: refuses the first call and accepts the others.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<WebhookCall> _calls = Channel.CreateUnbounded<WebhookCall>();
    private int _count;

    private WebhookReceiver(WebApplication app) => _app = app;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/runs");

    /// <summary>How often it was called.</summary>
    public int Count => Volatile.Read(ref _count);

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.MapPost("/runs", receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    public Task<WebhookCall> NextAsync() => _calls.Reader.ReadAsync().AsTask().Soon("a callback comes");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var headers = request.Headers;
        _calls.Writer.TryWrite(new WebhookCall(
            headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(), await reader.ReadToEndAsync()));
        return Interlocked.Increment(ref _count) == 1 ? Results.StatusCode(500) : Results.NoContent();
    }
}

/// <summary>What has come.</summary>
internal sealed record WebhookCall(string Id, string Timestamp, string Signature, string Body);
