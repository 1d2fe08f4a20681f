using System.Text;
using System.Text.Json;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;

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

    private void ApplyCompaction(RunEvent runEvent)
    {
        using var data = runEvent.ParseData();
        if (data is not { RootElement: { ValueKind: JsonValueKind.Object } root }
            || !root.TryGetProperty("items", out var items) || items.ValueKind is not JsonValueKind.Array || items.GetArrayLength() == 0)
        {
            return;
        }

        var kept = root.TryGetProperty("kept", out var number) && number.TryGetInt32(out var count) ? Math.Clamp(count, 0, _items.Count) : 0;
        _items.RemoveRange(0, _items.Count - kept);
        _items.InsertRange(0, items.EnumerateArray().Select(item => new InputItem(Encoding.UTF8.GetBytes(item.GetRawText()))));
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
