using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Runs.Input;

/// <summary>
/// Which calls the upstream had under way in one attempt. What a call does outside of the response, and whether it did it,
/// cannot be seen from a response that was cut.
/// </summary>
internal sealed class OpenHostedCalls
{
    private readonly List<OpenCall> _open = [];

    /// <summary>True while a call with possible effects has begun and not ended.</summary>
    public bool Any => _open.Count > 0;

    /// <summary>What those calls are, in the order of the response: the tool's name, or the API's type where it has none.</summary>
    public IEnumerable<string> Names => _open.OrderBy(call => call.Index).Select(call => call.Name);

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
                if (Find(done.Item.Id, done.OutputIndex, done.Item.Type) is { } ended)
                {
                    _open.Remove(ended);
                }

                break;
            case OutputItemEvent added when MayHaveEffects(added.Item.Type):
                Begin(added.Item.Id, added.OutputIndex, added.Item.Type, added.Item.Name ?? NameOf(added.Item.Type));
                break;

            // Streams without scaffolds: the first sign of a call may be a piece of its input, or its progress.
            case TextDeltaEvent { Kind: DeltaKind.CodeInterpreterCode or DeltaKind.McpCallArguments or DeltaKind.ShellCommand } delta:
                Sign(delta.ItemId, delta.OutputIndex, delta.Kind.ItemType());
                break;
            case ItemProgressEvent progress when MayHaveEffects(progress.ItemType):
                Sign(progress.ItemId, progress.OutputIndex, progress.ItemType);
                break;
        }
    }

    private void Begin(string? id, int index, string type, string name)
    {
        var known = Find(id, index, type);
        if (known is not null)
        {
            _open.Remove(known);
        }

        _open.Add(new OpenCall(id ?? known?.Id, index, type, name));
    }

    private void Sign(string? id, int index, string type)
    {
        if (Find(id, index, type) is null)
        {
            Begin(id, index, type, NameOf(type));
        }
    }

    /// <summary>
    /// The open call that an event is about: by its id, and by its place only where one of them has no id. Some upstreams count no places,
    /// so that all items have the same one: what ends there must be of the call's own kind, or another item would end it.
    /// </summary>
    private OpenCall? Find(string? id, int index, string type) =>
        (id is null ? null : _open.Find(call => call.Id == id))
        ?? _open.Find(call => (call.Id is null || id is null) && call.Index == index && (call.Type == type || type.Length == 0));

    private sealed record OpenCall(string? Id, int Index, string Type, string Name);

    private static string NameOf(string itemType) => itemType.EndsWith("_call", StringComparison.Ordinal) ? itemType[..^"_call".Length] : itemType;
}
