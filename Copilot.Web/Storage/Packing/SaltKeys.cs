using Copilot.Domain.Runs.Events;

namespace Copilot.Web.Storage.Packing;

/// <summary>The keys of one run's salts, in order.</summary>
internal sealed class SaltKeys
{
    private readonly List<(long FromSeq, SaltKey Key)> _keys;

    public SaltKeys(IEnumerable<RunSaltRow> rows) =>
        _keys = [.. rows.OrderBy(row => row.FromSeq).Select(row => (row.FromSeq, new SaltKey(row.Key)))];

    /// <summary>None: salts cannot be derived.</summary>
    public static SaltKeys None { get; } = new([]);

    /// <summary>Computes the salt of an event. False when there is no key for it.</summary>
    /// <param name="seq">The event's number.</param>
    /// <param name="salt">Gets 32 bytes.</param>
    public bool TryDerive(long seq, Span<byte> salt)
    {
        for (var i = _keys.Count - 1; i >= 0; i--)
        {
            if (_keys[i].FromSeq <= seq)
            {
                _keys[i].Key.Derive(seq, salt);
                return true;
            }
        }

        return false;
    }
}
