using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Answering;
using Copilot.Demo.Upstream.Protocol;

namespace Copilot.Demo.Upstream.Storing;

/// <summary>
/// A response that is generated independently of readers (protocol §5). It stores its events, so that a reader can start anywhere and
/// repeatedly.
/// </summary>
internal sealed class BackgroundResponse : IEventSink, IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<JsonElement> _events = [];
    private readonly CancellationTokenSource _cancellation = new();
    private TaskCompletionSource _news = NewSignal();
    private JsonElement _response;
    private bool _ended;

    /// <summary>The response object as it is now.</summary>
    public JsonElement Response
    {
        get
        {
            lock (_lock)
            {
                return _response;
            }
        }
    }

    /// <summary>The response object of the first event, which is the answer to its creator.</summary>
    public JsonElement AsBegun
    {
        get
        {
            lock (_lock)
            {
                return _events[0].GetProperty("response");
            }
        }
    }

    public CancellationToken Cancelled => _cancellation.Token;

    public Task SendAsync(JsonObject responseEvent, CancellationToken cancellationToken)
    {
        var json = JsonText.ToElement(responseEvent);
        lock (_lock)
        {
            if (_ended)
            {
                throw new OperationCanceledException(Cancelled);
            }

            _events.Add(json);
            _response = json.Member("response") ?? _response;
            Announce();
        }

        return Task.CompletedTask;
    }

    /// <summary>Marks the end of the events.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            Announce();
        }
    }

    /// <summary>Stops generating it. A finished one stays unchanged.</summary>
    public void Cancel()
    {
        lock (_lock)
        {
            if (_ended || _response.Text("status") is not ("queued" or "in_progress"))
            {
                return;
            }

            var cancelled = (JsonObject)JsonText.ToNode(_response)!;
            cancelled["status"] = "cancelled";
            _response = JsonText.ToElement(cancelled);
            _ended = true;
            Announce();
        }

        _cancellation.Cancel();
    }

    /// <summary>Sends the events after a number, those that are still to come included.</summary>
    public async Task FollowAsync(long startingAfter, IEventSink sink, CancellationToken cancellationToken)
    {
        var next = 0;
        while (true)
        {
            Task news;
            List<JsonElement> found;
            bool ended;
            lock (_lock)
            {
                news = _news.Task;
                found = _events[next..];
                ended = _ended;
            }

            next += found.Count;
            foreach (var responseEvent in found.Where(item => item.GetProperty("sequence_number").GetInt64() > startingAfter))
            {
                await sink.SendAsync((JsonObject)JsonText.ToNode(responseEvent)!, cancellationToken);
            }

            if (ended)
            {
                return;
            }

            await news.WaitAsync(cancellationToken);
        }
    }

    public void Dispose() => _cancellation.Dispose();

    /// <summary>Waits for the first event, which names the response.</summary>
    public async Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task news;
            lock (_lock)
            {
                if (_events.Count > 0 || _ended)
                {
                    return;
                }

                news = _news.Task;
            }

            await news.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Announce()
    {
        _news.TrySetResult();
        _news = NewSignal();
    }
}
