using System.Text;
using System.Text.Json.Nodes;

namespace Copilot.Web.DemoUpstream.Server;

/// <summary>Server-sent events: <c>event:</c> is the type, <c>data:</c> the event. The stream ends with the response.</summary>
internal sealed class SseSink(HttpResponse response) : IEventSink
{
    public async Task SendAsync(JsonObject responseEvent, CancellationToken cancellationToken)
    {
        var record = $"event: {responseEvent["type"]}\ndata: {JsonText.Write(responseEvent)}\n\n";
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(record), cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
