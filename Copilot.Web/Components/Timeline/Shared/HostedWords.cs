using Copilot.Domain.Timeline.Items;

namespace Copilot.Web.Components.Timeline.Shared;

/// <summary>How the timeline names what the upstream does itself.</summary>
internal static class HostedWords
{
    private const int MaxAbout = 160;

    /// <summary>What an item type does, while it does it.</summary>
    public static string Doing(string itemType) => itemType switch
    {
        "web_search_call" => "Searching the web",
        "file_search_call" => "Searching files",
        "code_interpreter_call" => "Running code",
        "image_generation_call" => "Making an image",
        "mcp_list_tools" => "Asking a server for its tools",
        "mcp_call" => "Calling a server's tool",
        "compaction" => "Shortening the conversation",
        "shell_call" or "local_shell_call" => "Running a command",
        "apply_patch_call" => "Changing a file",
        "computer_call" => "Using the computer",
        _ => Plain(itemType),
    };

    /// <summary>A phase or status in plain words.</summary>
    public static string Phase(HostedToolItem item, bool hasError)
    {
        if (hasError || item.HasFailed)
        {
            return "failed";
        }

        return item switch
        {
            { Superseded: not null } => "no longer counts",
            { WasCut: true } => "cut off",
            { IsOpen: false } => item.Phase.Current is "incomplete" ? "incomplete" : "done",
            _ => item.Phase.Current is { Length: > 0 } phase ? Plain(phase) : "in progress",
        };
    }

    /// <summary>A name of the API's in plain words.</summary>
    public static string Plain(string name)
    {
        var words = name.EndsWith("_call", StringComparison.Ordinal) ? name[..^"_call".Length] : name;
        return Short(words.Replace('_', ' '));
    }

    /// <summary>The beginning of what was found, at most 600 characters.</summary>
    public static string Excerpt(string text) => text.Length <= 600 ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[599]) ? 599 : 600), "…");

    /// <summary>One line that is not too long.</summary>
    public static string Short(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= MaxAbout ? line : string.Concat(line.AsSpan(0, char.IsHighSurrogate(line[MaxAbout - 1]) ? MaxAbout - 1 : MaxAbout), "…");
    }
}
