using System.Text.Json.Nodes;

namespace Copilot.Demo.Upstream.Answering;

/// <summary>Where the events of a response go, in order.</summary>
internal interface IEventSink
{
    Task SendAsync(JsonObject responseEvent, CancellationToken cancellationToken);
}
