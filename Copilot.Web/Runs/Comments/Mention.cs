namespace Copilot.Web.Runs.Comments;

/// <summary>A comment that mentions somebody, as they see it in their list.</summary>
public sealed record Mention
{
    /// <summary>The comment.</summary>
    public required string CommentId { get; init; }

    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>Seq of the moment.</summary>
    public required long Seq { get; init; }

    /// <summary>Name of who wrote it; null for somebody who is not there any more.</summary>
    public required string? Author { get; init; }

    /// <summary>Name of whose run it is; null for somebody who is not there any more.</summary>
    public required string? Owner { get; init; }

    /// <summary>True where the run is the reader's own.</summary>
    public required bool IsOwn { get; init; }

    /// <summary>Plain text of the comment.</summary>
    public required string Text { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>True once the reader has opened it.</summary>
    public required bool IsRead { get; init; }
}
