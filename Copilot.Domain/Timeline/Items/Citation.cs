using Copilot.Domain.Timeline.Folds;

namespace Copilot.Domain.Timeline.Items;

/// <summary>One of the API's annotations of an answer, as it came.</summary>
/// <param name="Seq">The event that brought it.</param>
/// <param name="At">When it came (UTC).</param>
/// <param name="Part">The part of the answer that it belongs to (<c>content_index</c>).</param>
/// <param name="Json">The annotation as UTF-8 JSON.</param>
public sealed record AnswerAnnotation(long Seq, DateTimeOffset At, int Part, ReadOnlyMemory<byte> Json);

/// <summary>What a <see cref="Citation"/> refers to.</summary>
public enum CitationKind
{
    /// <summary>A page (<c>url_citation</c>).</summary>
    Page,

    /// <summary>A file of a vector store (<c>file_citation</c>).</summary>
    File,

    /// <summary>A file of the interpreter's container (<c>container_file_citation</c>).</summary>
    ContainerFile,

    /// <summary>A file the upstream made (<c>file_path</c>).</summary>
    FilePath,

    /// <summary>Something that is new.</summary>
    Other,
}

/// <summary>A source of an answer, with every place that refers to it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Url">A page's address as the model gave it: hostile, not yet checked. Null for files.</param>
/// <param name="Title">A page's title or a file's name; null where it has none.</param>
/// <param name="Id">The API's <c>file_id</c>, or null.</param>
/// <param name="Quotes">The words of the answer that refer to it, in order, each once; at most 3.</param>
public sealed record Citation(CitationKind Kind, string? Url, string? Title, string? Id, IReadOnlyList<string> Quotes)
{
    /// <summary>The event that referred to it first.</summary>
    public long Seq { get; init; }
}
