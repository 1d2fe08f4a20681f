using System.Text.Json.Nodes;

namespace Copilot.Demo.Upstream.Answering;

/// <summary>
/// The <c>sequence_number</c>s of one response, from 0, for its own events and for those about what steers it: they come from another
/// message, so each is sent only when the one before it is out.
/// </summary>
internal sealed class EventNumbers
{
    private readonly Lock _lock = new();
    private int _next;
    private Task _last = Task.CompletedTask;

    /// <summary>Numbers the event and sends it.</summary>
    public Task SendAsync(IEventSink sink, JsonObject responseEvent, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            responseEvent["sequence_number"] = _next++;
            return _last = AfterAsync(_last, sink, responseEvent, cancellationToken);
        }
    }

    private static async Task AfterAsync(Task before, IEventSink sink, JsonObject responseEvent, CancellationToken cancellationToken)
    {
        if (!before.IsCompleted)
        {
            await before.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }

        await sink.SendAsync(responseEvent, cancellationToken);
    }
}
