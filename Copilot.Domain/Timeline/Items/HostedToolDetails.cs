using System.Collections.Immutable;
using Copilot.Domain.Timeline.Folds;

namespace Copilot.Domain.Timeline.Items;

/// <summary>A text of the upstream's, cut where it is longer than people read; the log has all of it.</summary>
/// <param name="Text">Its characters, at most <see cref="HostedToolDetails.MaxText"/>.</param>
/// <param name="Length">How many it had, in UTF-16 units.</param>
public sealed record LongText(string Text, int Length)
{
    /// <summary>True when the log has more.</summary>
    public bool IsCut => Length > Text.Length;
}

/// <summary>Where an image is in the log. No item holds its bytes: they are megabytes, and are read where they are shown.</summary>
/// <param name="Seq">The event that carries it.</param>
/// <param name="Place">Which item of the event's response; null where the event carries one item or the image itself.</param>
/// <param name="Index">Which of the item's images, from 0.</param>
/// <param name="Bytes">About how large it is, in bytes.</param>
public sealed record ImageRef(long Seq, int? Place, int Index, long Bytes);

/// <summary>An image on the way to the final one.</summary>
/// <param name="At">When it came (UTC).</param>
/// <param name="Image">Where it is.</param>
public sealed record PartialImage(DateTimeOffset At, ImageRef Image);

/// <summary>A page that a search looked at, or a part of it.</summary>
/// <param name="Url">Its address as the upstream gave it: hostile, not yet checked.</param>
/// <param name="Title">What it is called, or null.</param>
public sealed record WebPage(string Url, string? Title);

/// <summary>What a <c>web_search_call</c> did.</summary>
/// <param name="Action"><c>search</c>, <c>open_page</c>, <c>find_in_page</c>, or a word that is new; empty where it did not come.</param>
/// <param name="Queries">What was searched for.</param>
/// <param name="Url">The page that was opened or searched, or null.</param>
/// <param name="Pattern">What was looked for in the page, or null.</param>
/// <param name="Sources">The pages that were found; only with the right <c>include</c>.</param>
public sealed record WebSearchFacts(
    string Action, ImmutableArray<string> Queries, string? Url, string? Pattern, ImmutableArray<WebPage> Sources);

/// <summary>One hit of a file search.</summary>
/// <param name="FileName">The file's name; its id where it has none.</param>
/// <param name="FileId">The API's <c>file_id</c>, or null.</param>
/// <param name="Score">How well it matches, 0 to 1, or null.</param>
/// <param name="Excerpt">What was found.</param>
public sealed record FileHit(string FileName, string? FileId, double? Score, LongText Excerpt);

/// <summary>What a <c>file_search_call</c> did.</summary>
/// <param name="Queries">What was searched for.</param>
/// <param name="Hits">What was found; null where the upstream was not asked to tell (<c>include</c>).</param>
public sealed record FileSearchFacts(ImmutableArray<string> Queries, ImmutableArray<FileHit>? Hits);

/// <summary>One output of code: exactly one of the three is set.</summary>
/// <param name="Logs">What it printed.</param>
/// <param name="Image">An image it drew, where it came with the event.</param>
/// <param name="File">A file it made, or the address of an image that did not come with the event.</param>
public sealed record CodeOutput(LongText? Logs, ImageRef? Image, string? File);

/// <summary>What a <c>code_interpreter_call</c> did.</summary>
/// <param name="ContainerId">The API's <c>container_id</c>, or null.</param>
/// <param name="Outputs">What came of it; null where the upstream was not asked to tell (<c>include</c>).</param>
public sealed record CodeInterpreterFacts(string? ContainerId, ImmutableArray<CodeOutput>? Outputs);

/// <summary>What an <c>image_generation_call</c> says.</summary>
/// <param name="Image">The final image, or null.</param>
/// <param name="RevisedPrompt">What the model asked for in the end, or null.</param>
/// <param name="Size">For example <c>1024x1024</c>, or null.</param>
/// <param name="Quality">The API's word, or null.</param>
/// <param name="Format">The API's <c>output_format</c>, or null.</param>
public sealed record ImageFacts(ImageRef? Image, string? RevisedPrompt, string? Size, string? Quality, string? Format);

/// <summary>A tool of an MCP server.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does, in the server's words, or null.</param>
public sealed record McpTool(string Name, string? Description);

/// <summary>What <c>mcp_list_tools</c> says.</summary>
/// <param name="Server">The API's <c>server_label</c>.</param>
/// <param name="Tools">What it offers.</param>
/// <param name="Error">Why it could not be asked, or null.</param>
public sealed record McpToolsFacts(string Server, ImmutableArray<McpTool> Tools, string? Error);

/// <summary>What an <c>mcp_call</c> says.</summary>
/// <param name="Server">The API's <c>server_label</c>.</param>
/// <param name="Output">What the tool answered, or null.</param>
/// <param name="Error">Why it failed, or null.</param>
/// <param name="ApprovalRequestId">The request for approval that it answers, or null.</param>
public sealed record McpCallFacts(string Server, LongText? Output, string? Error, string? ApprovalRequestId);

/// <summary>What a <c>compaction</c> says.</summary>
/// <param name="Bytes">Size of the sealed content that stands for what was said before.</param>
public sealed record CompactionFacts(long Bytes);

/// <summary>What a shell, patch or computer item says.</summary>
/// <param name="Words">What it is about, in a few words: a path with what happens to it, an action with its place.</param>
/// <param name="Text">The commands or the patch; null where there are none.</param>
/// <param name="Output">What was printed or answered; null where nothing has come.</param>
/// <param name="ExitCode">Of the last command, or null.</param>
/// <param name="Image">A picture of the screen, or null.</param>
public sealed record CommandFacts(string Words, LongText? Text, LongText? Output, long? ExitCode, ImageRef? Image);
