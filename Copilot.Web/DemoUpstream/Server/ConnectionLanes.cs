namespace Copilot.Web.DemoUpstream.Server;

/// <summary>
/// What one connection remembers to continue from: the latest response of each lane. The default lane has no name.
/// It dies with the socket (protocol §2.3).
/// </summary>
internal sealed class ConnectionLanes(ResponseStore store)
{
    private const string DefaultLane = "";

    private readonly Dictionary<string, StoredResponse> _latest = [];

    /// <summary>The response with this id, from any lane of the connection or else from the store.</summary>
    /// <exception cref="RequestRejectedException">It is neither here nor stored.</exception>
    public StoredResponse Find(string id)
    {
        var cached = _latest.Values.FirstOrDefault(response => response.Id == id);
        if (cached is not null && !store.WasDeleted(id))
        {
            return cached;
        }

        return store.Find(id) ?? throw new RequestRejectedException(ApiError.PreviousResponseNotFound(id));
    }

    public void Remember(string? streamId, StoredResponse response) => _latest[streamId ?? DefaultLane] = response;

    /// <summary>A failed continuation takes its parent out of its own lane; another lane's parent stays.</summary>
    public void Evict(string? streamId, string id)
    {
        if (_latest.TryGetValue(streamId ?? DefaultLane, out var latest) && latest.Id == id)
        {
            _latest.Remove(streamId ?? DefaultLane);
        }
    }
}
