using System.ComponentModel.DataAnnotations;
using Copilot.Web.Security.Webhooks;

namespace Copilot.Web.Api.Runs;

/// <summary>The body of <c>POST /api/runs</c>.</summary>
[ValidatableType]
public sealed record CreateRunBody : IValidatableObject
{
    /// <summary>What to ask. Needed, unless there are files.</summary>
    public string? Input { get; init; }

    /// <summary>The conversation that the run continues; left out, it starts a new one.</summary>
    public string? SessionId { get; init; }

    /// <summary>Up to 16 pairs of the caller's own, sent to the upstream.</summary>
    [MustBe(ApiText.MetadataForm)]
    [Metadata]
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Ids of files that were uploaded before.</summary>
    [MustBe(ApiText.FilesForm)]
    public IReadOnlyList<string>? Files { get; init; }

    /// <summary>What the run may cost, in units of the prices' currency.</summary>
    [MustBe(AmountOfMoneyAttribute.Form)]
    [AmountOfMoney]
    public decimal? Budget { get; init; }

    /// <summary>The format of the answer, as in the Responses API.</summary>
    [MustBe("an object, like {\"format\": {\"type\": \"json_schema\", …}}")]
    public TextBody? Text { get; init; }

    /// <summary>Where the run is reported to when it waits for a person and when it has settled.</summary>
    public string? CallbackUrl { get; init; }

    /// <inheritdoc/>
    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Files?.Any(id => id is null) is true)
        {
            yield return new ValidationResult(ApiText.FilesInvalid, [nameof(Files)]);
        }

        if (CallbackUrl is not null && !WebhookAddress.IsValid(CallbackUrl))
        {
            yield return new ValidationResult(ApiText.CallbackUrlInvalid, [nameof(CallbackUrl)]);
        }

        if (string.IsNullOrWhiteSpace(Input) && Files is not { Count: > 0 })
        {
            yield return new ValidationResult(ApiText.InputMissing, [nameof(Input)]);
        }
    }
}
