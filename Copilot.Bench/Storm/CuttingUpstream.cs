using System.Diagnostics;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Copilot.Bench.Storm;

/// <summary>An upstream that takes sockets, says nothing, and cuts all of them at once without a close frame, as a restart does.</summary>
internal sealed class CuttingUpstream : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Lock _lock = new();
    private readonly List<HttpContext> _open = [];
    private List<long> _arrivals = [];

    private CuttingUpstream(WebApplication application) => _application = application;

    /// <summary>What a client is configured with.</summary>
    public Uri BaseUrl { get; private set; } = null!;

    public static async Task<CuttingUpstream> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var upstream = new CuttingUpstream(builder.Build());
        upstream._application.UseWebSockets();
        upstream._application.Run(upstream.AnswerAsync);
        await upstream._application.StartAsync();
        var address = upstream._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        upstream.BaseUrl = new Uri(address + "/v1");
        return upstream;
    }

    /// <summary>When upgrades arrived since the last look, as <see cref="Stopwatch"/> timestamps.</summary>
    public IReadOnlyList<long> TakeArrivals()
    {
        lock (_lock)
        {
            var taken = _arrivals;
            _arrivals = [];
            return taken;
        }
    }

    /// <summary>Cuts every open socket.</summary>
    public void CutAll()
    {
        lock (_lock)
        {
            // Under the lock, so that none of them ends meanwhile and is gone.
            foreach (var context in _open)
            {
                context.Abort();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        CutAll();
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        lock (_lock)
        {
            _arrivals.Add(Stopwatch.GetTimestamp());
            _open.Add(context);
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[256];
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted)).MessageType is not WebSocketMessageType.Close)
            {
                // Nothing is answered.
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
        {
            // Cut, as ordered.
        }
        finally
        {
            lock (_lock)
            {
                _open.Remove(context);
            }
        }
    }
}
