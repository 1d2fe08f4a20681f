using System.ComponentModel.DataAnnotations;

namespace Copilot.Web.Api;

/// <summary>The body of <c>POST /api/runs/{id}/questions/{call_id}</c>.</summary>
[ValidatableType]
public sealed record AnswerBody
{
    /// <summary>One of the question's choices, or a text where it allows one.</summary>
    [Required(ErrorMessage = ApiText.AnswerMissing)]
    public string? Answer { get; init; }

    /// <summary>Why; the run's owner reads it. Only the owner may leave it out.</summary>
    [MaxLength(500, ErrorMessage = ApiText.ReasonTooLong)]
    public string? Reason { get; init; }
}
