using System.Globalization;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;

namespace Copilot.Web.Components.Timeline.Shared;

/// <summary>What the timeline says about tools that the upstream runs itself.</summary>
internal static class HostedToolText
{
    public const string SearchedFor = "Searched for";
    public const string Page = "Page";
    public const string LookedFor = "Looked for";
    public const string PagesFound = "Pages found";
    public const string Results = "Results";
    public const string Score = "score";
    public const string NoResults = "The model provider did not report what it found.";
    public const string NoOutcome = "The model provider did not report a result.";
    public const string NoDetails = "The model provider did not report any details.";
    public const string Code = "Code";
    public const string Printed = "Output";
    public const string File = "File";
    public const string PrintedNothing = "There was no output.";
    public const string Container = "Container";
    public const string Command = "Command";
    public const string Patch = "Patch";
    public const string Computer = "Computer";
    public const string ComputerScreen = "The computer's screen";
    public const string Input = "Input";
    public const string Json = "JSON";
    public const string UnknownKind = "Unknown item";
    public const string FinalPrompt = "Final prompt";
    public const string Previews = "Previews";
    public const string Preview = "A preview of the image";
    public const string Server = "Server";
    public const string AnMcpServer = "an MCP server";
    public const string Arguments = "Arguments";
    public const string Error = "Error";
    public const string Result = "Result";
    public const string ApprovedByPerson = "A person approved this call.";
    public const string ServersTool = "Tool of a server";
    public const string ServersTools = "Tools of a server";
    public const string Tools = "Tools";
    public const string Status = "Status";
    public const string Item = "Item";
    public const string Began = "Started";

    private const int MaxAbout = 160;

    /// <summary>What an item type does, while it does it.</summary>
    public static string Doing(string itemType) => itemType switch
    {
        "web_search_call" => "Searching the web",
        "file_search_call" => "Searching files",
        "code_interpreter_call" => "Running code",
        "image_generation_call" => "Creating an image",
        "mcp_list_tools" => "Loading the tools of a server",
        "mcp_call" => "Calling a tool of a server",
        "compaction" => "Shortening the conversation",
        "shell_call" or "local_shell_call" => "Running a command",
        "apply_patch_call" => "Changing a file",
        "computer_call" => "Using the computer",
        _ => Plain(itemType),
    };

    /// <summary>The title of a search on the web.</summary>
    public static string WebSearch(string? action, bool open) => (action, open) switch
    {
        ("open_page", true) => "Opening a page",
        ("open_page", false) => "Opened a page",
        ("find_in_page", true) => "Searching a page",
        ("find_in_page", false) => "Searched a page",
        (_, true) => "Searching the web",
        _ => "Searched the web",
    };

    /// <summary>The title of a search in files.</summary>
    public static string FileSearch(bool open) => open ? "Searching files" : "Searched files";

    /// <summary>The title of code that runs.</summary>
    public static string RanCode(bool open) => open ? "Running code" : "Ran code";

    /// <summary>The title of an image.</summary>
    public static string Image(bool open, bool failed) => open ? "Creating an image" : failed ? "Image" : "Created an image";

    /// <summary>The title of a command, a patch or a step on a computer.</summary>
    public static string RanCommand(string itemType, bool open) => itemType switch
    {
        "shell_call" or "local_shell_call" => open ? "Running a command" : Command,
        "apply_patch_call" => Patch,
        "computer_call" => Computer,
        _ => Printed,
    };

    /// <summary>The title of a list of tools.</summary>
    public static string ToolList(bool open) => open ? Doing("mcp_list_tools") : ServersTools;

    /// <summary>How good an image is to be.</summary>
    public static string Quality(string quality) => $"{quality} quality";

    /// <summary>A command's exit code.</summary>
    public static string ExitCode(long code) => string.Create(CultureInfo.InvariantCulture, $"Exit code {code}");

    /// <summary>A hosted tool as a screen reader hears it.</summary>
    public static string CardLabel(string title, string phase) => $"{title}, {phase}";

    /// <summary>A picture of a run from a file: it has no address.</summary>
    public static string NotFromAFile(string words) => $"{words}: pictures are not shown from a file.";

    /// <summary>The link around an image.</summary>
    public static string OpenImage(string what) => $"Open the image: {what}";

    /// <summary>A long text is cut here.</summary>
    public static string Beginning(long shown, long all) =>
        $"The first {TimelineFigures.Count(shown)} of {TimelineFigures.Count(all)} characters. The run's log has the rest.";

    /// <summary>A phase or status in plain words.</summary>
    public static string Phase(HostedToolItem item, bool hasError)
    {
        if (hasError || item.HasFailed)
        {
            return "failed";
        }

        return item switch
        {
            { Superseded: not null } => "discarded",
            { WasCut: true } => TimelineText.CutOff,
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
