namespace Copilot.Web.DemoUpstream.Server;

/// <summary>Where a request came in: a few fields mean something on one side only (protocol §5).</summary>
internal enum RequestTransport
{
    WebSocket,
    Http,
}
