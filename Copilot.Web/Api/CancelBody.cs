using System.ComponentModel.DataAnnotations;

namespace Copilot.Web.Api;

/// <summary>The body of <c>POST /api/runs/{id}/cancel</c>, which the run's owner may leave out.</summary>
[ValidatableType]
public sealed record CancelBody
{
    /// <summary>Why the run is cancelled; its events say so. Only the owner may leave it out.</summary>
    [MaxLength(500, ErrorMessage = ApiText.ReasonTooLong)]
    public string? Reason { get; init; }
}
