using System.Text.Json;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline.Folds;

/// <summary>Folds the items of what the upstream does itself.</summary>
internal static class HostedFold
{
    private const int MaxUnknownBytes = 32 * 1024;

    /// <summary>A new item of a type.</summary>
    public static HostedToolItem New(string type, RunEvent e, int ordinal, int attempt, int place) => type switch
    {
        "web_search_call" => new WebSearchItem { Ordinal = ordinal, FromSeq = e.Seq, At = e.At, Attempt = attempt, OutputIndex = place, ItemType = type },
        "file_search_call" => new FileSearchItem { Ordinal = ordinal, FromSeq = e.Seq, At = e.At, Attempt = attempt, OutputIndex = place, ItemType = type },
        "code_interpreter_call" => new CodeInterpreterItem { Ordinal = ordinal, FromSeq = e.Seq, At = e.At, Attempt = attempt, OutputIndex = place, ItemType = type },
        "image_generation_call" => new ImageItem { Ordinal = ordinal, FromSeq = e.Seq, At = e.At, Attempt = attempt, OutputIndex = place, ItemType = type },
        "mcp_list_tools" => new McpToolsItem { Ordinal = ordinal, FromSeq = e.Seq, At = e.At, Attempt = attempt, OutputIndex = place, ItemType = type },
        "mcp_call" => new McpCallItem { Ordinal = ordinal, FromSeq = e.Seq, At = e.At, Attempt = attempt, OutputIndex = place, ItemType = type },
        "compaction" => new CompactionItem { Ordinal = ordinal, FromSeq = e.Seq, At = e.At, Attempt = attempt, OutputIndex = place, ItemType = type },
        _ when IsCommand(type) => new CommandItem { Ordinal = ordinal, FromSeq = e.Seq, At = e.At, Attempt = attempt, OutputIndex = place, ItemType = type },
        _ => new HostedToolItem { Ordinal = ordinal, FromSeq = e.Seq, At = e.At, Attempt = attempt, OutputIndex = place, ItemType = type },
    };

    /// <summary>True when an event about an item of this type may speak of the item.</summary>
    public static bool Fits(HostedToolItem item, string type) =>
        item.ItemType == type || (type == "shell_call" && item is CommandItem { ItemType: "shell_call_output" });

    /// <summary>The item after its own JSON has come: when it was added, when it is done, or in the terminal response.</summary>
    /// <param name="hosted">The item so far.</param>
    /// <param name="mark">The event.</param>
    /// <param name="item">What came.</param>
    /// <param name="done">True when nothing more will come.</param>
    /// <param name="place">Its place in the terminal response's output; null for an event of its own.</param>
    public static HostedToolItem WithItem(HostedToolItem hosted, SeqMark mark, OutputItem item, bool done, int? place)
    {
        if (hosted.Done is not null)
        {
            // The terminal response repeats what output_item.done has said already.
            return hosted;
        }

        hosted = hosted with
        {
            Phase = item.Status is null ? hosted.Phase : hosted.Phase.Set(mark, item.Status),
            Name = item.Name is null ? hosted.Name : hosted.Name.Set(mark, item.Name),
            Input = done ? hosted.Input.Finish(mark, item.Arguments ?? "") : hosted.Input,
        };
        try
        {
            using var document = JsonDocument.Parse(item.Json);
            return WithFacts(hosted, mark, item, document.RootElement, done, place);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // An item that cannot be read again (half a surrogate pair cannot) still has its type and status.
            return hosted;
        }
    }

    /// <summary>The item after an event about its progress.</summary>
    public static HostedToolItem Progress(HostedToolItem hosted, SeqMark mark, ItemProgressEvent progress)
    {
        switch (hosted, progress.Phase)
        {
            case (ImageItem image, "partial_image"):
                return image with { Partials = image.Partials.Add(new PartialImage(mark.At, new ImageRef(mark.Seq, null, 0, progress.Json.Length / 4 * 3L))) };
            case (CommandItem command, "output" or "output_done") when command.Done is null:
                return Printed(command, mark, progress);
            case (_, "partial_image" or "output" or "output_done"):
                return hosted;
            default:
                return hosted with { Phase = hosted.Phase.Set(mark, progress.Phase) };
        }
    }

    /// <summary>The item after a piece of its text, or after the whole of it.</summary>
    public static HostedToolItem Grow(HostedToolItem hosted, SeqMark mark, int index, Func<GrowingText, GrowingText> more) =>
        hosted is CommandItem command
            ? command with { Commands = IndexedText.Edit(command.Commands, mark.Seq, index, more) }
            : hosted with { Input = more(hosted.Input) };

    private static bool IsCommand(string type) => type is
        "shell_call" or "shell_call_output" or "local_shell_call" or "local_shell_call_output"
        or "apply_patch_call" or "apply_patch_call_output" or "computer_call" or "computer_call_output";

    private static HostedToolItem WithFacts(
        HostedToolItem hosted, SeqMark mark, OutputItem item, JsonElement json, bool done, int? place) => hosted switch
        {
            WebSearchItem web => web with { FactSteps = web.FactSteps.Set(mark, HostedToolDetailsReader.Web(json)) },
            FileSearchItem files => files with { FactSteps = files.FactSteps.Set(mark, HostedToolDetailsReader.Files(json)) },
            CodeInterpreterItem code => code with
            {
                FactSteps = code.FactSteps.Set(mark, HostedToolDetailsReader.Code(json, mark.Seq, place)),
                Input = done && json.TryGetProperty("code", out var text) && text.ValueKind is JsonValueKind.String
                    ? code.Input.Finish(mark, text.GetString()!)
                    : code.Input,
            },
            ImageItem image => image with { FactSteps = image.FactSteps.Set(mark, HostedToolDetailsReader.Picture(json, mark.Seq, place)) },
            McpToolsItem tools => tools with { FactSteps = tools.FactSteps.Set(mark, HostedToolDetailsReader.McpTools(json)) },
            McpCallItem call => call with { FactSteps = call.FactSteps.Set(mark, HostedToolDetailsReader.McpCall(json)) },
            CompactionItem compaction => compaction with { FactSteps = compaction.FactSteps.Set(mark, HostedToolDetailsReader.Compaction(json)) },
            CommandItem command => command with
            {
                FactSteps = command.FactSteps.Set(mark, HostedToolDetailsReader.Command(command.ItemType, json, mark.Seq, place)),
            },
            { ItemType: "mcp_approval_request" } when done => hosted with { Item = hosted.Item.Set(mark, item.Json) },
            _ when done => hosted with { Item = hosted.Item.Set(mark, Kept(item.Json)) },
            _ => hosted,
        };

    /// <summary>A copy of the beginning of what is long, so that a view does not hold on to the megabytes behind it.</summary>
    private static ReadOnlyMemory<byte> Kept(ReadOnlyMemory<byte> json) =>
        json.Length <= MaxUnknownBytes ? json : json[..MaxUnknownBytes].ToArray();

    private static CommandItem Printed(CommandItem command, SeqMark mark, ItemProgressEvent progress)
    {
        try
        {
            using var document = JsonDocument.Parse(progress.Json);
            var root = document.RootElement;
            var index = root.TryGetProperty("command_index", out var number) && number.TryGetInt32(out var value) && value >= 0 ? value : 0;
            var whole = root.TryGetProperty("output", out var output) && output.ValueKind is JsonValueKind.Array;
            var text = whole
                ? string.Concat(output.EnumerateArray().Select(HostedToolDetailsReader.Streams))
                : root.TryGetProperty("delta", out var delta) ? HostedToolDetailsReader.Streams(delta) : "";
            return text.Length == 0
                ? command
                : command with
                {
                    Outputs = IndexedText.Edit(
                        command.Outputs, mark.Seq, index, old => whole ? old.Finish(mark, text) : old.Append(mark, text)),
                };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return command;
        }
    }
}
