using System.ComponentModel.DataAnnotations;

namespace Copilot.Web.Api;

/// <summary>The body of <c>POST /api/runs/{id}/steer</c>.</summary>
[ValidatableType]
public sealed record SteerBody
{
    /// <summary>The message to the agent.</summary>
    [Required(ErrorMessage = ApiText.SteerTextMissing)]
    public string? Text { get; init; }

    /// <summary>The caller's own id of the message: the same id twice is one message. Left out, one is made.</summary>
    [MinLength(1, ErrorMessage = ApiText.SteerIdInvalid)]
    [RegularExpression("[A-Za-z0-9_.-]{1,64}", ErrorMessage = ApiText.SteerIdInvalid)]
    public string? Id { get; init; }

    /// <summary>Why; the run's owner reads it. Only the owner may leave it out.</summary>
    [MaxLength(500, ErrorMessage = ApiText.ReasonTooLong)]
    public string? Reason { get; init; }
}
