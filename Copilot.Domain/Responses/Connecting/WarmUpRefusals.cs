using System.Collections.Concurrent;

namespace Copilot.Domain.Responses.Connecting;

/// <summary>Remembers for the life of the process which models do not accept warm-ups, so that each is tried once.</summary>
internal sealed class WarmUpRefusals
{
    private readonly ConcurrentDictionary<string, bool> _models = new(StringComparer.Ordinal);

    /// <summary>True when a warm-up for this model was refused.</summary>
    public bool Contains(string model) => _models.ContainsKey(model);

    /// <summary>Records a refusal.</summary>
    public void Add(string model) => _models.TryAdd(model, true);
}
