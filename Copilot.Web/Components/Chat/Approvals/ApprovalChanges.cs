using Copilot.Web.Components.Timeline.Shared;

namespace Copilot.Web.Components.Chat.Approvals;

/// <summary>What a person changed in a call.</summary>
internal static class ApprovalChanges
{
    private const int Longest = 40;

    /// <summary>For example <c>quantity 2 → 3</c>, one for each argument that is different; nothing where nothing was changed.</summary>
    /// <param name="original">JSON, as the model wrote it.</param>
    /// <param name="edited">JSON, as the person wrote it; null where it stayed.</param>
    public static IReadOnlyList<string> Of(string original, string? edited)
    {
        if (edited is null || ApprovalArguments.Read(original) is not { } before || ApprovalArguments.Read(edited) is not { } after)
        {
            return [];
        }

        var names = before.Concat(after).Select(field => field.Name).Distinct();
        return [.. names
            .Select(name => (Name: name, Old: Find(before, name), New: Find(after, name)))
            .Where(one => one.Old != one.New)
            .Select(one => $"{TimelineNames.Humanize(one.Name).ToLowerInvariant()} {Short(one.Old)} → {Short(one.New)}")];
    }

    private static string Find(IReadOnlyList<ArgumentField> fields, string name) =>
        fields.FirstOrDefault(field => field.Name == name)?.Shown ?? CardText.EmptyArgument;

    private static string Short(string text) => text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest), "…");
}
