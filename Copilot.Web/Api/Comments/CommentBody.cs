using System.ComponentModel.DataAnnotations;

namespace Copilot.Web.Api.Comments;

/// <summary>The body of <c>POST /api/runs/{id}/comments</c>.</summary>
[ValidatableType]
public sealed record CommentBody
{
    /// <summary>The comment, as plain text. <c>@name</c> mentions somebody who may see the run.</summary>
    [Required(ErrorMessage = ApiText.CommentTextMissing)]
    public string? Text { get; init; }

    /// <summary>The caller's own id of the comment: the same id twice on a run is one comment. Left out, one is made.</summary>
    [MinLength(1, ErrorMessage = ApiText.SteerIdInvalid)]
    [RegularExpression("[A-Za-z0-9_.-]{1,64}", ErrorMessage = ApiText.SteerIdInvalid)]
    public string? Id { get; init; }

    /// <summary>The number of the event that it is about; left out for the newest. A reply has its marker's.</summary>
    [MustBe("a whole number")]
    public long? Seq { get; init; }

    /// <summary>The comment that it replies to; left out for a marker.</summary>
    public string? ReplyTo { get; init; }
}

/// <summary>The body of <c>PATCH /api/runs/{id}/comments/{commentId}</c>: one of the two.</summary>
[ValidatableType]
public sealed record CommentPatch
{
    /// <summary>Another text.</summary>
    [MinLength(1, ErrorMessage = ApiText.CommentTextMissing)]
    public string? Text { get; init; }

    /// <summary>Whether the marker is settled.</summary>
    public bool? Settled { get; init; }
}
