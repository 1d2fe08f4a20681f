using Copilot.Demo.Upstream.Protocol;

namespace Copilot.Demo.Upstream.Storing;

/// <summary>
/// What clients asked to be stored, in memory: the newest <see cref="Capacity"/> responses, fewer when they are large.
/// The oldest are evicted first; a deleted one is remembered as deleted, so that a connection that still holds it cannot continue from it.
/// </summary>
internal sealed class ResponseStore(long maxBytes)
{
    public const int Capacity = 1000;

    private const long UsualMaxBytes = 128L * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, StoredResponse> _responses = [];
    private readonly Dictionary<string, (ConversationItem Item, int Uses)> _items = [];
    private readonly Queue<string> _order = [];
    private readonly HashSet<string> _deleted = [];
    private readonly Queue<string> _deletedOrder = [];
    private long _bytes;

    public ResponseStore()
        : this(UsualMaxBytes)
    {
    }

    public void Add(StoredResponse response)
    {
        lock (_lock)
        {
            _bytes += response.OwnBytes;
            _responses[response.Id] = response;
            _order.Enqueue(response.Id);
            foreach (var item in response.Input.Concat(response.Output))
            {
                if (item.Id is { } id)
                {
                    _items[id] = (item, _items.GetValueOrDefault(id).Uses + 1);
                }
            }

            // The newest always stays: its client has just been informed that it is stored.
            while (_order.Count > Capacity || (_bytes > maxBytes && _order.Count > 1))
            {
                Remove(_order.Dequeue());
            }
        }
    }

    public StoredResponse? Find(string id)
    {
        lock (_lock)
        {
            return _responses.GetValueOrDefault(id);
        }
    }

    /// <summary>The stored response a request continues from, or null if it names none.</summary>
    /// <exception cref="RequestRejectedException">It is not here.</exception>
    public StoredResponse? Parent(string? id) =>
        id is null ? null : Find(id) ?? throw new RequestRejectedException(ApiError.PreviousResponseNotFound(id));

    /// <summary>The item that a stored response has read or made, or null.</summary>
    public ConversationItem? FindItem(string itemId)
    {
        lock (_lock)
        {
            return _items.GetValueOrDefault(itemId).Item;
        }
    }

    /// <summary>True when a stored response has this item.</summary>
    public bool HasItem(string itemId) => FindItem(itemId) is not null;

    public bool Delete(string id)
    {
        lock (_lock)
        {
            if (!Remove(id))
            {
                return false;
            }

            _deleted.Add(id);
            _deletedOrder.Enqueue(id);
            while (_deletedOrder.Count > Capacity)
            {
                _deleted.Remove(_deletedOrder.Dequeue());
            }

            return true;
        }
    }

    public bool WasDeleted(string id)
    {
        lock (_lock)
        {
            return _deleted.Contains(id);
        }
    }

    private bool Remove(string id)
    {
        if (!_responses.Remove(id, out var response))
        {
            return false;
        }

        _bytes -= response.OwnBytes;
        foreach (var item in response.Input.Concat(response.Output))
        {
            if (item.Id is { } itemId && _items.TryGetValue(itemId, out var known))
            {
                if (known.Uses == 1)
                {
                    _items.Remove(itemId);
                }
                else
                {
                    _items[itemId] = known with { Uses = known.Uses - 1 };
                }
            }
        }

        return true;
    }
}
