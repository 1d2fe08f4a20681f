using System.Text.Json.Serialization;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;

namespace Copilot.Domain.Timeline.Snapshots;

/// <summary>How a state and each kind of item is read and written.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(TimelineState))]
[JsonSerializable(typeof(UserMessageItem))]
[JsonSerializable(typeof(StatusItem))]
[JsonSerializable(typeof(ConnectionItem))]
[JsonSerializable(typeof(RawItem))]
[JsonSerializable(typeof(EndItem))]
[JsonSerializable(typeof(AttemptItem))]
[JsonSerializable(typeof(ReasoningItem))]
[JsonSerializable(typeof(AnswerItem))]
[JsonSerializable(typeof(ToolCallItem))]
[JsonSerializable(typeof(HostedToolItem))]
[JsonSerializable(typeof(WebSearchItem))]
[JsonSerializable(typeof(FileSearchItem))]
[JsonSerializable(typeof(CodeInterpreterItem))]
[JsonSerializable(typeof(McpToolsItem))]
[JsonSerializable(typeof(McpCallItem))]
[JsonSerializable(typeof(CompactionItem))]
[JsonSerializable(typeof(ImageItem))]
[JsonSerializable(typeof(CommandItem))]
[JsonSerializable(typeof(BudgetItem))]
[JsonSerializable(typeof(CompactionRequestItem))]
[JsonSerializable(typeof(ForkItem))]
[JsonSerializable(typeof(InterventionItem))]
[JsonSerializable(typeof(SteerItem))]
internal sealed partial class TimelineSnapshotJson : JsonSerializerContext
{
    /// <summary>Every kind of item; its name stands before it.</summary>
    public static IReadOnlyList<Type> Kinds { get; } =
    [
        typeof(UserMessageItem),
        typeof(StatusItem),
        typeof(ConnectionItem),
        typeof(RawItem),
        typeof(EndItem),
        typeof(AttemptItem),
        typeof(ReasoningItem),
        typeof(AnswerItem),
        typeof(ToolCallItem),
        typeof(HostedToolItem),
        typeof(WebSearchItem),
        typeof(FileSearchItem),
        typeof(CodeInterpreterItem),
        typeof(McpToolsItem),
        typeof(McpCallItem),
        typeof(CompactionItem),
        typeof(ImageItem),
        typeof(CommandItem),
        typeof(BudgetItem),
        typeof(CompactionRequestItem),
        typeof(ForkItem),
        typeof(InterventionItem),
        typeof(SteerItem),
    ];
}
