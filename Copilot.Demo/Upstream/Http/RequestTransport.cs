namespace Copilot.Demo.Upstream.Http;

/// <summary>Where a request came in: a few fields mean something on one side only (protocol §5).</summary>
internal enum RequestTransport
{
    WebSocket,
    Http,
}
