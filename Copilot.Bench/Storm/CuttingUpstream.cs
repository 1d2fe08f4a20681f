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

/// <summary>
/// An upstream that answers every request with the same recorded frames. While holding, it sends only the first half of them; then it
/// cuts all sockets at once without a close frame, as a restart does, and afterwards answers in full.
/// </summary>
internal sealed class CuttingUpstream : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> _frames;
    private readonly Lock _lock = new();
    private readonly List<HttpContext> _open = [];
    private List<long> _arrivals = [];
    private TaskCompletionSource? _allHeld;
    private int _toHold;

    private CuttingUpstream(WebApplication application, IReadOnlyList<ReadOnlyMemory<byte>> frames) => (_application, _frames) = (application, frames);

    /// <summary>The base address for clients.</summary>
    public Uri BaseUrl { get; private set; } = null!;

    /// <param name="frames">The frames of one response.</param>
    public static async Task<CuttingUpstream> StartAsync(IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var upstream = new CuttingUpstream(builder.Build(), frames);
        upstream._application.UseWebSockets();
        upstream._application.Run(upstream.AnswerAsync);
        await upstream._application.StartAsync();
        var address = upstream._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        upstream.BaseUrl = new Uri(address + "/v1");
        return upstream;
    }

    /// <summary>Holds the next responses halfway. Completes when this many are held.</summary>
    public Task HoldAsync(int responses)
    {
        lock (_lock)
        {
            _toHold = responses;
            _allHeld = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _allHeld.Task;
        }
    }

    /// <summary>When upgrades arrived since the last call, as <see cref="Stopwatch"/> timestamps.</summary>
    public IReadOnlyList<long> TakeArrivals()
    {
        lock (_lock)
        {
            var taken = _arrivals;
            _arrivals = [];
            return taken;
        }
    }

    /// <summary>Cuts every open socket and stops holding.</summary>
    public void CutAll()
    {
        lock (_lock)
        {
            _allHeld = null;

            // Under the lock, so that none of them ends meanwhile.
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

        try
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await ServeAsync(socket, context.RequestAborted);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
        {
            // Cut, as requested.
        }
        finally
        {
            lock (_lock)
            {
                _open.Remove(context);
            }
        }
    }

    private async Task ServeAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (received.MessageType is WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
                return;
            }

            if (received.EndOfMessage)
            {
                await RespondAsync(socket, cancellationToken);
            }
        }
    }

    private async Task RespondAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        TaskCompletionSource? allHeld;
        lock (_lock)
        {
            allHeld = _allHeld;
        }

        foreach (var frame in _frames.Take(allHeld is null ? _frames.Count : _frames.Count / 2))
        {
            await socket.SendAsync(frame, WebSocketMessageType.Text, true, cancellationToken);
        }

        if (allHeld is not null && Interlocked.Decrement(ref _toHold) == 0)
        {
            allHeld.SetResult();
        }
    }
}
