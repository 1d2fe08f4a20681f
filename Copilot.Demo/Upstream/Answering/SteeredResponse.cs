using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Protocol;

namespace Copilot.Demo.Upstream.Answering;

/// <summary>One response that may be steered, and the messages received for it.</summary>
internal sealed class SteeredResponse(Steering steering, CreateRequest request, string? streamId) : IDisposable
{
    private readonly List<JsonObject> _steers = [];
    private string? _id;
    private volatile int _messageCount;

    public string? StreamId => streamId;

    public EventNumbers Numbers { get; } = new();

    /// <summary>Not with every model, and not while the server compacts on its own.</summary>
    public bool CanBeSteered => Steering.Supports(request.Model) && request.CompactThreshold is null;

    /// <summary>What was accepted: id and response of each.</summary>
    public IReadOnlyList<JsonObject> Steers => _steers;

    public ImmutableArray<ConversationItem> Messages { get; private set; } = [];

    /// <summary>Whether the response ends before its next item. One that has asked for tools finishes first.</summary>
    public bool EndsHere(bool hasCalls) => _messageCount > 0 && !hasCalls;

    /// <summary>From here on the response has an id to be steered by.</summary>
    public void Start(string id)
    {
        _id = id;
        steering.Started(id, this);
    }

    /// <summary>Called under the lock of <see cref="Steering"/>.</summary>
    public void Add(JsonObject steer, ImmutableArray<ConversationItem> messages)
    {
        _steers.Add((JsonObject)steer.DeepClone());
        Messages = Messages.AddRange(messages);
        _messageCount = Messages.Length;
    }

    /// <summary>The response is over: nothing steers it any more.</summary>
    public void Dispose()
    {
        if (_id is not null)
        {
            steering.Ended(_id);
        }
    }
}
