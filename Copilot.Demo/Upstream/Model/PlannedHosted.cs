using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Copilot.Demo.Upstream.Model;

/// <summary>A free-form call of a client's tool.</summary>
internal sealed record PlannedCustomCall(string Name, string Input) : PlannedStep;

/// <summary>The model declines.</summary>
internal sealed record PlannedRefusal(string Text) : PlannedStep;

/// <summary>A web search; the pages are what it found.</summary>
internal sealed record PlannedWebSearch(string Query, ImmutableArray<string> Pages) : PlannedStep;

/// <summary>A page that is opened and read.</summary>
internal sealed record PlannedPage(string Url) : PlannedStep;

/// <summary>A search in the vector stores.</summary>
internal sealed record PlannedFileSearch(string Query, ImmutableArray<PlannedHit> Hits) : PlannedStep;

/// <summary>One hit of a file search.</summary>
internal sealed record PlannedHit(string FileId, string FileName, double Score, string Text);

/// <summary>Code that runs in the sandbox, with what it prints and draws.</summary>
internal sealed record PlannedCode(string Code, string Logs, ReadOnlyMemory<byte>? Picture) : PlannedStep
{
    /// <summary>The one sandbox there is.</summary>
    public const string Container = "cntr_demo";
}

/// <summary>An image, with those on the way to it. All are PNG.</summary>
internal sealed record PlannedImage(string RevisedPrompt, int Size, ImmutableArray<ReadOnlyMemory<byte>> Partials, ReadOnlyMemory<byte> Picture) : PlannedStep;

/// <summary>The tools of an MCP server are asked for, which happens once in a conversation.</summary>
internal sealed record PlannedMcpTools(string Label, JsonArray Tools) : PlannedStep;

/// <summary>A place of a message that refers to a source.</summary>
/// <param name="Start">First character, counted in code points.</param>
/// <param name="End">One past the last.</param>
/// <param name="Json">The annotation without its place.</param>
internal sealed record PlannedAnnotation(int Start, int End, JsonObject Json);
