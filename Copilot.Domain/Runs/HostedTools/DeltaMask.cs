using System.Text;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Events.Output;

namespace Copilot.Domain.Runs.HostedTools;

/// <summary>
/// Blots out secrets that an upstream sends in pieces. A delta that may be the middle of a secret waits for the next one; all others
/// pass at once.
/// </summary>
internal sealed class DeltaMask(IReadOnlyList<string> secrets)
{
    /// <summary>So much of a secret's beginning is no secret: every text would wait otherwise.</summary>
    private const int Harmless = 4;

    private readonly List<TextDeltaEvent> _held = [];
    private readonly int _longest = secrets.Select(secret => secret.Length).DefaultIfEmpty().Max();
    private string _passed = "";

    /// <summary>What may be shown now that this event is there, in order.</summary>
    public IReadOnlyList<ResponseEvent> Apply(ResponseEvent received)
    {
        if (secrets.Count == 0)
        {
            return [received];
        }

        if (received is not TextDeltaEvent delta)
        {
            return [.. Flush(), received];
        }

        List<ResponseEvent> released = [];
        if (_held.Count > 0 && !IsSameText(_held[0], delta))
        {
            released.AddRange(Flush());
        }

        _held.Add(delta);
        var text = string.Concat(_held.Select(held => held.Delta));
        if (Blot(text) is { } blotted)
        {
            released.Add(ResponseEventParser.Parse(JsonMembers.Set(_held[0].Json, "delta"u8, JsonMembers.Quote(blotted))));
            _held.Clear();
            _passed = "";
            return released;
        }

        // What is before the beginning of what may be a secret is none.
        var open = LengthOfBeginning(_passed + text);
        while (_held.Count > 0 && (open < Harmless || _held.Sum(held => held.Delta.Length) - _held[0].Delta.Length >= open))
        {
            released.Add(_held[0]);
            Pass(_held[0].Delta);
            _held.RemoveAt(0);
        }

        return released;
    }

    /// <summary>What still waits: the stream has gone on with something else, or is over.</summary>
    public IReadOnlyList<ResponseEvent> Flush()
    {
        ResponseEvent[] released = [.. _held];
        _held.Clear();
        _passed = "";
        return released;
    }

    private static bool IsSameText(TextDeltaEvent one, TextDeltaEvent other) =>
        one.Kind == other.Kind && one.ItemId == other.ItemId && one.OutputIndex == other.OutputIndex && one.PartIndex == other.PartIndex;

    private void Pass(string text)
    {
        _passed += text;
        _passed = _passed.Length <= _longest ? _passed : _passed[^_longest..];
    }

    /// <summary>The held text without a secret that ends in it; null where there is none.</summary>
    private string? Blot(string text)
    {
        var whole = _passed + text;
        StringBuilder? blotted = null;
        foreach (var secret in secrets.OrderByDescending(secret => secret.Length))
        {
            var at = whole.IndexOf(secret, StringComparison.Ordinal);
            if (at >= 0 && at + secret.Length > _passed.Length)
            {
                blotted ??= new StringBuilder();
                var start = Math.Max(at, _passed.Length);
                blotted.Append(whole, _passed.Length, start - _passed.Length).Append("[secret]").Append(whole, at + secret.Length, whole.Length - at - secret.Length);
                break;
            }
        }

        return blotted?.ToString();
    }

    private int LengthOfBeginning(string text)
    {
        for (var length = Math.Min(_longest - 1, text.Length); length > 0; length--)
        {
            foreach (var secret in secrets)
            {
                if (secret.Length > length && text.AsSpan(text.Length - length).SequenceEqual(secret.AsSpan(0, length)))
                {
                    return length;
                }
            }
        }

        return 0;
    }
}
