using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Runs.Input;

/// <summary>
/// Which calls the upstream had under way in one attempt. What a call does outside of the response, and whether it did it,
/// cannot be seen from a response that was cut.
/// </summary>
internal sealed class OpenHostedCalls
{
    private readonly SortedDictionary<int, string> _open = [];

    /// <summary>True while a call with possible effects has begun and not ended.</summary>
    public bool Any => _open.Count > 0;

    /// <summary>What those calls are, in the order of the response: the tool's name, or the API's type where it has none.</summary>
    public IEnumerable<string> Names => _open.Values;

    /// <summary>
    /// True when an item of this type may have changed something by the time it is there. Searches and images change nothing,
    /// client-side calls wait for us, and the rest only speaks. A type that is new may have done anything.
    /// </summary>
    public static bool MayHaveEffects(string itemType) => itemType is not (
        "" or "message" or "reasoning" or "compaction"
        or "web_search_call" or "file_search_call" or "image_generation_call" or "tool_search_call"
        or "mcp_list_tools" or "mcp_approval_request" or "mcp_approval_response" or "additional_tools"
        or "function_call" or "custom_tool_call" or "local_shell_call" or "apply_patch_call" or "computer_call")
        && !itemType.EndsWith("_output", StringComparison.Ordinal);

    /// <summary>Begins anew: what was open has ended, or is another attempt's.</summary>
    public void Clear() => _open.Clear();

    /// <summary>Takes the next event of the attempt.</summary>
    public void Note(ResponseEvent received)
    {
        switch (received)
        {
            case OutputItemEvent { Done: true } done:
                _open.Remove(done.OutputIndex);
                break;
            case OutputItemEvent added when MayHaveEffects(added.Item.Type):
                _open[added.OutputIndex] = added.Item.Name ?? NameOf(added.Item.Type);
                break;

            // Streams without scaffolds: the first sign of a call may be a piece of its input, or its progress.
            case TextDeltaEvent { Kind: DeltaKind.CodeInterpreterCode or DeltaKind.McpCallArguments or DeltaKind.ShellCommand } delta:
                _open.TryAdd(delta.OutputIndex, delta.Kind switch
                {
                    DeltaKind.CodeInterpreterCode => "code_interpreter",
                    DeltaKind.ShellCommand => "shell",
                    _ => "mcp",
                });
                break;
            case ItemProgressEvent progress when MayHaveEffects(progress.ItemType):
                _open.TryAdd(progress.OutputIndex, NameOf(progress.ItemType));
                break;
        }
    }

    private static string NameOf(string itemType) => itemType.EndsWith("_call", StringComparison.Ordinal) ? itemType[..^"_call".Length] : itemType;
}
