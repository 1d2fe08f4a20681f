using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Copilot.Tests.Shared.Upstream;

/// <summary>One pair of metadata that counts how often it was read from end to end: settings that carry it are written that often.</summary>
internal sealed class CountedMetadata : IReadOnlyDictionary<string, string>
{
    private readonly Dictionary<string, string> _pairs = new() { ["ticket"] = "T-1" };
    private int _reads;

    public int Reads => Volatile.Read(ref _reads);

    public int Count => _pairs.Count;

    public IEnumerable<string> Keys => _pairs.Keys;

    public IEnumerable<string> Values => _pairs.Values;

    public string this[string key] => _pairs[key];

    public bool ContainsKey(string key) => _pairs.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value) => _pairs.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator()
    {
        Interlocked.Increment(ref _reads);
        return _pairs.GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
