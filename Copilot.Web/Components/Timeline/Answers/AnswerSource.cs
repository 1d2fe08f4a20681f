using Copilot.Domain.Timeline.Folds;
using Copilot.Domain.Timeline.Items;
using Copilot.Web.Components.Timeline.Markdown;
using Copilot.Web.Components.Timeline.Shared;

namespace Copilot.Web.Components.Timeline.Answers;

/// <summary>One entry of the numbered sources under an answer.</summary>
/// <param name="Number">From 1, in the order of the answer.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Url">Its address, http or https; null for files and for addresses that may not be linked.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Where">Where the link leads, or where a file is; empty where nothing is known.</param>
public sealed record AnswerSource(int Number, CitationKind Kind, string? Url, string Title, string Where)
{
    /// <summary>True for a file that the code has made and that can be downloaded here.</summary>
    public bool IsDownload { get; private init; }

    private const int MaxPath = 60;

    /// <summary>The different sources of an answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="runId">Its run, whose files can be downloaded; null where nothing can.</param>
    public static IReadOnlyList<AnswerSource> Read(AnswerItem answer, string? runId) =>
        answer.Annotations.IsEmpty ? [] : [.. Citations.Of(answer).Select((citation, index) => Read(citation, index + 1, runId))];

    /// <summary>The target of a link to a page, or null when it may not be one.</summary>
    public static Uri? Page(string? url) => MarkdownLinks.Target(url) is { Scheme: "http" or "https" } target ? target : null;

    /// <summary>Host and path in ASCII, so that look-alike letters show; long paths are cut.</summary>
    public static string Shown(Uri target)
    {
        var path = target.PathAndQuery is "/" ? "" : target.PathAndQuery;
        return target.IdnHost + (path.Length <= MaxPath ? path : string.Concat(path.AsSpan(0, MaxPath - 1), "…"));
    }

    private static AnswerSource Read(Citation citation, int number, string? runId)
    {
        if (citation.Kind is CitationKind.Page || (citation.Kind is CitationKind.Other && citation.Url is not null))
        {
            return Page(citation.Url) is { } target
                ? new AnswerSource(number, citation.Kind, target.AbsoluteUri, citation.Title ?? target.IdnHost, Shown(target))
                : new AnswerSource(number, citation.Kind, null, citation.Title ?? TimelineText.APage, TimelineText.UnsafeAddress);
        }

        if (citation is { Kind: CitationKind.ContainerFile, Id: { } fileId } && runId is not null)
        {
            return new AnswerSource(
                number, citation.Kind, ContainerFileAddress.Of(runId, citation.Seq, fileId), citation.Title ?? TimelineText.AFile, TimelineText.MadeByTheCode) { IsDownload = true };
        }

        // Ids of files say nothing to people.
        return new AnswerSource(
            number,
            citation.Kind,
            null,
            citation.Title ?? citation.Id ?? TimelineText.ASource,
            citation.Kind is CitationKind.ContainerFile or CitationKind.FilePath ? TimelineText.MadeByTheCode : "");
    }
}
