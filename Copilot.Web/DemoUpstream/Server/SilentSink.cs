using System.Text.Json.Nodes;

namespace Copilot.Web.DemoUpstream.Server;

/// <summary>For a client that only wants the finished object.</summary>
internal sealed class SilentSink : IEventSink
{
    public Task SendAsync(JsonObject responseEvent, CancellationToken cancellationToken) => Task.CompletedTask;
}
