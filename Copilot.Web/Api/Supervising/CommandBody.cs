using System.ComponentModel.DataAnnotations;
using Copilot.Web.Runs.Supervising;

namespace Copilot.Web.Api.Supervising;

/// <summary>The body of <c>POST /api/runs/{id}/commands</c>.</summary>
[ValidatableType]
public sealed record CommandBody : IValidatableObject
{
    /// <summary>The caller's own id of the command: the same id twice acts once. Left out, one is made.</summary>
    [MinLength(1, ErrorMessage = ApiText.SteerIdInvalid)]
    [RegularExpression("[A-Za-z0-9_.-]{1,64}", ErrorMessage = ApiText.SteerIdInvalid)]
    public string? Id { get; init; }

    /// <summary>
    /// <c>stop</c>, <c>pause</c>, <c>resume</c>, <c>say</c>, <c>approve</c>, <c>deny</c>, <c>take_over</c>, <c>write</c>, <c>hand_back</c>,
    /// <c>cancel_call</c> or <c>retry</c>.
    /// </summary>
    [Required(ErrorMessage = ApiText.VerbMissing)]
    public string? Verb { get; init; }

    /// <summary>Why; its owner reads it. May be left out for an own run.</summary>
    [MaxLength(500, ErrorMessage = ApiText.ReasonTooLong)]
    public string? Reason { get; init; }

    /// <summary>The number of the newest event that the caller has seen: if somebody did something about the run since, the answer is 409.</summary>
    [MustBe("a whole number")]
    public long? ExpectedSeq { get; init; }

    /// <summary>What the verb needs.</summary>
    public CommandData? Data { get; init; }

    /// <inheritdoc/>
    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Verb is not null && RunVerbNames.Find(Verb) is null)
        {
            yield return new ValidationResult(ApiText.VerbInvalid, [nameof(Verb)]);
        }
    }
}
