namespace Copilot.Web.DemoUpstream.Server;

/// <summary>Accepts the upgrades of WebSocket mode and serves each connection until it ends.</summary>
internal sealed class WebSocketResponses(
    ResponseEngine engine,
    ResponseStore store,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<SocketConnection> logger)
{
    public async Task ServeAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var connection = new SocketConnection(socket, engine, store, time, logger);
        await connection.RunAsync(lifetime.ApplicationStopping, context.RequestAborted);
    }
}
