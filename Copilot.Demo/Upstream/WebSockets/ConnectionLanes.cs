using Copilot.Demo.Upstream.Protocol;
using Copilot.Demo.Upstream.Storing;

namespace Copilot.Demo.Upstream.WebSockets;

/// <summary>
/// What one connection remembers to continue from: the latest response of each lane. The default lane has no name.
/// It ends with the socket (protocol §2.3). Lanes run concurrently, so all access is under one lock.
/// </summary>
internal sealed class ConnectionLanes(ResponseStore store)
{
    /// <summary>Distinct names in the life of a connection; the default lane does not count.</summary>
    public const int MaxNames = 32;

    private const string DefaultLane = "";

    private readonly Lock _lock = new();
    private readonly HashSet<string> _names = [];
    private readonly Dictionary<string, StoredResponse> _latest = [];

    /// <summary>Registers a name.</summary>
    /// <exception cref="RequestRejectedException">The connection has used all its names.</exception>
    public void Name(string? streamId)
    {
        if (streamId is null)
        {
            return;
        }

        lock (_lock)
        {
            if (!_names.Contains(streamId) && _names.Count == MaxNames)
            {
                throw new RequestRejectedException(ApiError.StreamLimit(MaxNames));
            }

            _names.Add(streamId);
        }
    }

    /// <summary>The response with this id, from any lane of the connection or else from the store.</summary>
    /// <exception cref="RequestRejectedException">It is neither here nor stored.</exception>
    public StoredResponse Find(string id)
    {
        StoredResponse? cached;
        lock (_lock)
        {
            cached = _latest.Values.FirstOrDefault(response => response.Id == id);
        }

        if (cached is not null && !store.WasDeleted(id))
        {
            return cached;
        }

        return store.Find(id) ?? throw new RequestRejectedException(ApiError.PreviousResponseNotFound(id));
    }

    public void Remember(string? streamId, StoredResponse response)
    {
        lock (_lock)
        {
            _latest[streamId ?? DefaultLane] = response;
        }
    }

    /// <summary>A failed continuation removes its parent from its own lane; another lane's parent stays.</summary>
    public void Evict(string? streamId, string id)
    {
        lock (_lock)
        {
            if (_latest.TryGetValue(streamId ?? DefaultLane, out var latest) && latest.Id == id)
            {
                _latest.Remove(streamId ?? DefaultLane);
            }
        }
    }
}
