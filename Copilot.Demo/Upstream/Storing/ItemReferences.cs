using System.Collections.Immutable;
using Copilot.Demo.Upstream.Protocol;

namespace Copilot.Demo.Upstream.Storing;

/// <summary>Items that a request names in place of sending them: those of the stored responses, what they read and what they made.</summary>
internal static class ItemReferences
{
    public const string ItemType = "item_reference";

    /// <summary>The input with every reference replaced by its item.</summary>
    /// <exception cref="RequestRejectedException">An item is not stored, or is in the conversation already.</exception>
    public static ImmutableArray<ConversationItem> Resolve(
        ImmutableArray<ConversationItem> input, IReadOnlyList<ConversationItem> earlier, ResponseStore store)
    {
        if (!input.Any(item => item.Type == ItemType))
        {
            return input;
        }

        var known = earlier.Concat(input.Where(item => item.Type != ItemType)).Select(item => item.Id).OfType<string>().ToHashSet();
        return [.. input.Select(item => item.Type == ItemType ? Find(item.Id!, known, store) : item)];
    }

    private static ConversationItem Find(string id, HashSet<string> known, ResponseStore store)
    {
        var item = store.FindItem(id) ?? throw new RequestRejectedException(ApiError.ItemNotFound(id));
        return known.Add(id)
            ? item
            : throw new RequestRejectedException(ApiError.Invalid(
                $"Duplicate item found with id {id}. Remove duplicate items from your input and try again.", "input", null));
    }
}
