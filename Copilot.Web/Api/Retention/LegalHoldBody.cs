using System.ComponentModel.DataAnnotations;
using Copilot.Domain.Erasure.Retention;

namespace Copilot.Web.Api.Retention;

/// <summary>The body of <c>POST /api/retention/holds</c>.</summary>
[ValidatableType]
public sealed record LegalHoldBody
{
    /// <summary>The conversation; or else <c>person_id</c>.</summary>
    public string? SessionId { get; init; }

    /// <summary>The person, all of whose conversations are held; or else <c>session_id</c>.</summary>
    public string? PersonId { get; init; }

    /// <summary>Why, for who reads it later.</summary>
    [Required(ErrorMessage = ApiText.LeverReasonMissing)]
    [MaxLength(LegalHold.MaxReason, ErrorMessage = ApiText.ReasonTooLong)]
    public string? Reason { get; init; }
}
