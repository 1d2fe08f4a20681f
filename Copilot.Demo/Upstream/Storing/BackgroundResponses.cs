using System.Diagnostics.CodeAnalysis;
using Copilot.Demo.Upstream.Answering;
using Copilot.Demo.Upstream.Protocol;

namespace Copilot.Demo.Upstream.Storing;

/// <summary>
/// The background responses, from their start until they are evicted: the newest
/// <see cref="Capacity"/>. They stop with the process.
/// </summary>
internal sealed class BackgroundResponses(ResponseEngine engine) : IAsyncDisposable
{
    public const int Capacity = 200;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (BackgroundResponse Response, Task Making)> _byId = [];
    private readonly Queue<string> _order = [];

    /// <summary>Starts a response, and returns once it has an id.</summary>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "Held until it is evicted.")]
    public async Task<BackgroundResponse> StartAsync(PreparedResponse prepared, PromptCache cache, CancellationToken cancellationToken)
    {
        var response = new BackgroundResponse();
        var making = MakeAsync(response, prepared, cache);
        await response.WaitForStartAsync(cancellationToken);
        (BackgroundResponse Response, Task Making)? oldest = null;
        lock (_lock)
        {
            var id = response.Response.Text("id")!;
            _byId[id] = (response, making);
            _order.Enqueue(id);
            if (_order.Count > Capacity)
            {
                oldest = _byId.Remove(_order.Dequeue(), out var found) ? found : null;
            }
        }

        if (oldest is var (forgotten, stillMaking))
        {
            await StopAsync(forgotten, stillMaking);
        }

        return response;
    }

    public BackgroundResponse? Find(string id)
    {
        lock (_lock)
        {
            return _byId.GetValueOrDefault(id).Response;
        }
    }

    /// <summary>Stops it if it is still running, and removes its events.</summary>
    /// <returns>False when there is none.</returns>
    public async Task<bool> DeleteAsync(string id)
    {
        (BackgroundResponse Response, Task Making) found;
        lock (_lock)
        {
            if (!_byId.Remove(id, out found))
            {
                return false;
            }
        }

        await StopAsync(found.Response, found.Making);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        List<(BackgroundResponse Response, Task Making)> all;
        lock (_lock)
        {
            all = [.. _byId.Values];
            _byId.Clear();
        }

        foreach (var (response, making) in all)
        {
            await StopAsync(response, making);
        }
    }

    private static async Task StopAsync(BackgroundResponse response, Task making)
    {
        response.Cancel();
        await making;
        response.Dispose();
    }

    private async Task MakeAsync(BackgroundResponse response, PreparedResponse prepared, PromptCache cache)
    {
        // Its creator does not wait for a model that never pauses.
        await Task.Yield();
        try
        {
            await engine.RunAsync(prepared, cache, response, response.Cancelled);
        }
        catch (OperationCanceledException) when (response.Cancelled.IsCancellationRequested)
        {
            // Its object has the status cancelled.
        }
        finally
        {
            response.End();
        }
    }
}
