using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Copilot.Web.Api.Supervising;

/// <summary>What a verb needs beside its reason.</summary>
[ValidatableType]
public sealed record CommandData : IValidatableObject
{
    /// <summary>With <c>say</c> and <c>write</c>: the message.</summary>
    public string? Text { get; init; }

    /// <summary>With <c>cancel_call</c>, and with <c>approve</c> and <c>deny</c> where several calls wait: the call.</summary>
    public string? CallId { get; init; }

    /// <summary>With <c>approve</c>: the arguments to invoke the tool with, in place of the model's.</summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>With <c>resume</c> of an interrupted run: invoke tools whose outcome is unknown again.</summary>
    public bool? RepeatUnknownTools { get; init; }

    /// <inheritdoc/>
    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Arguments is { ValueKind: not JsonValueKind.Object })
        {
            yield return new ValidationResult(ApiText.ArgumentsInvalid, [nameof(Arguments)]);
        }
        else if (Arguments is { } arguments && !BodyShape.IsUnicode(arguments))
        {
            yield return new ValidationResult(ApiText.ArgumentsNotUnicode, [nameof(Arguments)]);
        }
    }
}
