using Copilot.Demo.Upstream.Protocol;

namespace Copilot.Demo.Upstream.Storing;

/// <summary>
/// The prompt prefixes that were seen here, for the cached tokens of the usage. Each WebSocket has one, HTTP shares one: the real cache
/// follows the connection too. It reports reuse and speeds nothing up.
/// </summary>
internal sealed class PromptCache
{
    private const int Capacity = 20_000;

    private readonly Lock _lock = new();
    private readonly HashSet<Fingerprint> _prefixes = [];
    private readonly Queue<Fingerprint> _order = [];

    /// <summary>How many tokens at the start of this prompt were seen before.</summary>
    public int CachedTokens(Fingerprint prompt, int promptTokens, IReadOnlyList<ConversationItem> conversation)
    {
        lock (_lock)
        {
            if (!_prefixes.Contains(prompt))
            {
                return 0;
            }

            var tokens = promptTokens;
            var prefix = prompt;
            foreach (var item in conversation)
            {
                prefix = prefix.Add(item.Fingerprint);
                if (!_prefixes.Contains(prefix))
                {
                    break;
                }

                tokens += item.Tokens;
            }

            return tokens;
        }
    }

    /// <summary>Remembers every prefix of a prompt and of the answer that followed.</summary>
    public void Remember(Fingerprint prompt, IEnumerable<ConversationItem> conversation)
    {
        lock (_lock)
        {
            Add(prompt);
            var prefix = prompt;
            foreach (var item in conversation)
            {
                prefix = prefix.Add(item.Fingerprint);
                Add(prefix);
            }
        }
    }

    private void Add(Fingerprint prefix)
    {
        if (!_prefixes.Add(prefix))
        {
            return;
        }

        _order.Enqueue(prefix);
        if (_order.Count > Capacity)
        {
            _prefixes.Remove(_order.Dequeue());
        }
    }
}
