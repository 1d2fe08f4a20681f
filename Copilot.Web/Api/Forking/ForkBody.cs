using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Copilot.Web.Api.Forking;

/// <summary>The body of <c>POST /api/runs/{id}/forks</c>.</summary>
[ValidatableType]
public sealed record ForkBody : IValidatableObject
{
    /// <summary>The number of an event of the step that is carried out again; with <c>arguments</c>, of the call.</summary>
    [MustBe("the number of an event")]
    public long? Seq { get; init; }

    /// <summary>At the question, what is asked in its place; at a later step, what is said there besides.</summary>
    public string? Message { get; init; }

    /// <summary>What the call is carried out with: an object, or a string for a tool that takes text. Left out, the model is asked again.</summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>The model in place of the run's own.</summary>
    public string? Model { get; init; }

    /// <summary>The arguments as the tool reads them.</summary>
    internal string? ArgumentsText => Arguments switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { } json => json.GetRawText(),
    };

    /// <inheritdoc/>
    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Seq is null)
        {
            yield return new ValidationResult(ApiText.ForkSeqMissing, [nameof(Seq)]);
        }

        if (Message is not null && string.IsNullOrWhiteSpace(Message))
        {
            yield return new ValidationResult(ApiText.ForkMessageEmpty, [nameof(Message)]);
        }

        if (Arguments is not { } arguments)
        {
            yield break;
        }

        if (arguments.ValueKind is not (JsonValueKind.Object or JsonValueKind.String))
        {
            yield return new ValidationResult(ApiText.ForkArgumentsInvalid, [nameof(Arguments)]);
        }
        else if (!BodyShape.IsUnicode(arguments))
        {
            yield return new ValidationResult(ApiText.ArgumentsNotUnicode, [nameof(Arguments)]);
        }
    }
}
