using System.Collections.Immutable;
using System.Text.Json;
using Copilot.Demo.Upstream.Answering;
using Copilot.Demo.Upstream.Protocol;

namespace Copilot.Demo.Upstream.Storing;

/// <summary>A finished response and everything a continuation of it begins with.</summary>
/// <param name="Id">The response's id.</param>
/// <param name="Json">The response object as it was sent last.</param>
/// <param name="Input">What the model read: the earlier conversation and the request's own input.</param>
/// <param name="Output">What the model made, without calls that were cut short.</param>
/// <param name="Prompt">Fingerprint of what stands before the conversation: model, instructions, tools.</param>
/// <param name="OwnBytes">About how much memory it adds: its object and the items that no earlier response has.</param>
internal sealed record StoredResponse(
    string Id,
    JsonElement Json,
    ImmutableArray<ConversationItem> Input,
    ImmutableArray<ConversationItem> Output,
    Fingerprint Prompt,
    long OwnBytes)
{
    /// <summary>What a continuation begins with. A compaction stands for all before it.</summary>
    public ImmutableArray<ConversationItem> Conversation =>
        Output.FirstOrDefault(item => item.Type == Compaction.ItemType) is { } compaction
            ? Output[Output.IndexOf(compaction)..]
            : Input.AddRange(Output);
}
