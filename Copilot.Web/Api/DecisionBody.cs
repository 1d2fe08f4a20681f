using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Copilot.Web.Api;

/// <summary>The body of <c>POST /api/runs/{id}/approvals/{call_id}</c>.</summary>
[ValidatableType]
public sealed record DecisionBody : IValidatableObject
{
    private const string Approve = "approve";

    /// <summary><c>approve</c> or <c>deny</c>.</summary>
    [MustBe("'approve' or 'deny'")]
    [AllowedValues(Approve, "deny", ErrorMessage = ApiText.DecisionInvalid)]
    public string? Decision { get; init; }

    /// <summary>With <c>approve</c>: the arguments to invoke the tool with, in place of the model's.</summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>Why; the run's owner reads it, and with <c>deny</c> the model. Only the owner may leave it out.</summary>
    [MaxLength(500, ErrorMessage = ApiText.ReasonTooLong)]
    public string? Reason { get; init; }

    /// <summary>True to approve, false to deny.</summary>
    internal bool IsApproval => Decision == Approve;

    /// <inheritdoc/>
    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Arguments is not { } arguments)
        {
            yield break;
        }

        if (!IsApproval)
        {
            yield return new ValidationResult(ApiText.ArgumentsWithDeny, [nameof(Arguments)]);
        }
        else if (arguments.ValueKind is not JsonValueKind.Object)
        {
            yield return new ValidationResult(ApiText.ArgumentsInvalid, [nameof(Arguments)]);
        }
        else if (!BodyShape.IsUnicode(arguments))
        {
            yield return new ValidationResult(ApiText.ArgumentsNotUnicode, [nameof(Arguments)]);
        }
    }
}
