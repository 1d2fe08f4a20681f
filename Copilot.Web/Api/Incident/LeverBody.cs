using System.ComponentModel.DataAnnotations;
using Copilot.Web.Supervision.Incident;

namespace Copilot.Web.Api.Incident;

/// <summary>The body of <c>POST /api/levers</c>.</summary>
[ValidatableType]
public sealed record LeverBody
{
    /// <summary><c>stop_intake_all</c>, <c>stop_intake_agent</c> or <c>tool_off</c>.</summary>
    [Required(ErrorMessage = ApiText.LeverKindInvalid)]
    [AllowedValues("stop_intake_all", "stop_intake_agent", "tool_off", ErrorMessage = ApiText.LeverKindInvalid)]
    public string? Kind { get; init; }

    /// <summary>The agent's id or the tool's name; left out with <c>stop_intake_all</c>.</summary>
    public string? Target { get; init; }

    /// <summary>Why. Who is refused because of it reads it.</summary>
    [Required(ErrorMessage = ApiText.LeverReasonMissing)]
    [MaxLength(Levers.MaxReasonLength, ErrorMessage = ApiText.ReasonTooLong)]
    public string? Reason { get; init; }
}
