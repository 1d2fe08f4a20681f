using System.Collections.Immutable;
using System.Text.Json;
using Copilot.Demo.Upstream.Answering;
using Copilot.Demo.Upstream.Protocol;

namespace Copilot.Demo.Upstream.Storing;

/// <summary>A finished response and everything needed to continue it.</summary>
/// <param name="Id">The response's id.</param>
/// <param name="Json">The response object as it was sent last.</param>
/// <param name="Input">What the model read: the earlier conversation and the request's own input. Where the response is stored every item has an id.</param>
/// <param name="Output">What the model generated, without incomplete calls.</param>
/// <param name="Prompt">Fingerprint of what precedes the conversation: model, instructions, tools.</param>
/// <param name="OwnBytes">About how much memory it adds: its object and the items that no earlier response has.</param>
internal sealed record StoredResponse(
    string Id,
    JsonElement Json,
    ImmutableArray<ConversationItem> Input,
    ImmutableArray<ConversationItem> Output,
    Fingerprint Prompt,
    long OwnBytes)
{
    /// <summary>The start of a continuation. A compaction replaces everything before it.</summary>
    public ImmutableArray<ConversationItem> Conversation =>
        Output.FirstOrDefault(item => item.Type == Compaction.ItemType) is { } compaction
            ? Output[Output.IndexOf(compaction)..]
            : Input.AddRange(Output);
}
