using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs.Input;

/// <summary>A conversation that was compacted begins anew with what the upstream made of it, ancestors included.</summary>
internal sealed partial class InputFold
{
    /// <summary>True when the items stand for the whole conversation: what the run's ancestors said is in them.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>
    /// How large the model found its context: tokens at the end of the newest response that says so, and how many items there were
    /// then. Null before, and after a compaction.
    /// </summary>
    public (long Tokens, int Items)? Measured { get; private set; }

    private void ApplyCompaction(CompactionCompleted compaction)
    {
        if (compaction.Items is not { Count: > 0 } items)
        {
            return;
        }

        var following = (int)Math.Clamp(compaction.Following ?? 0, 0, _items.Count);
        _items.RemoveRange(0, _items.Count - following);
        _items.InsertRange(0, items.Select(item => _longTexts.Without(new InputItem(item.Utf8))));
        _longTexts.Clear();
        IsWhole = true;
        Measured = null;
    }

    private void Measure(ResponseUsage? usage)
    {
        if (usage is { InputTokens: > 0 } known)
        {
            Measured = (known.InputTokens + known.OutputTokens, _items.Count);
        }
    }
}
