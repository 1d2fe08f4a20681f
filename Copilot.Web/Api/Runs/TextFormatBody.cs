using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Copilot.Web.Api.Runs;

/// <summary>The <c>text</c> of a request, as in the Responses API.</summary>
[ValidatableType]
public sealed record TextBody
{
    /// <summary>The format of the answer; left out, it is prose.</summary>
    [MustBe("an object with a 'type'")]
    public TextFormatBody? Format { get; init; }
}

/// <summary>
/// The API's own format for structured output, passed on byte for byte once it makes sense. What the upstream thinks of a schema it
/// says itself; the run then fails with its words.
/// </summary>
[ValidatableType]
public sealed partial record TextFormatBody : IValidatableObject
{
    private const int MaxBytes = 256 * 1024;
    private const int MaxDescription = 10_000;

    /// <summary>The upstream repeats the schema inside its events, of which 64 levels can be read.</summary>
    private const int MaxLevels = 50;

    private const string Schematic = "json_schema";
    private const string Prose = "text";

    /// <summary><c>json_schema</c>, <c>json_object</c> or <c>text</c>.</summary>
    [Required(ErrorMessage = ApiText.FormatTypeMissing, AllowEmptyStrings = true)]
    public string? Type { get; init; }

    /// <summary>The schema's name: 1 to 64 letters, digits, <c>_</c> and <c>-</c>. Needed with <c>json_schema</c>.</summary>
    public string? Name { get; init; }

    /// <summary>The JSON schema. Needed with <c>json_schema</c>.</summary>
    public JsonElement? Schema { get; init; }

    /// <summary>Whether the answer must keep to the schema.</summary>
    public bool? Strict { get; init; }

    /// <summary>What the format is for, for the model.</summary>
    public string? Description { get; init; }

    /// <summary>True when a format is asked for; prose has none.</summary>
    internal bool IsStructured => Type != Prose;

    /// <summary>What is wrong with a format of the right shape, or null.</summary>
    /// <param name="bytes">The format's size as it came.</param>
    internal (string Field, string Sentence)? Flaw(int bytes)
    {
        if (Type is not (Schematic or "json_object" or Prose))
        {
            return ("text.format.type", ApiText.FormatTypeInvalid);
        }

        if (Type == Schematic && !NamePattern().IsMatch(Name ?? ""))
        {
            return ("text.format.name", ApiText.FormatNameInvalid);
        }

        if (Type == Schematic && Description is { Length: > MaxDescription })
        {
            return ("text.format.description", ApiText.TooLong("text.format.description", MaxDescription));
        }

        if (Type == Schematic && Schema is { } schema && !IsWithin(schema, MaxLevels))
        {
            return ("text.format.schema", ApiText.SchemaTooDeep(MaxLevels));
        }

        return IsStructured && bytes > MaxBytes ? ("text.format", ApiText.FormatTooLarge(MaxBytes, bytes)) : null;
    }

    /// <inheritdoc/>
    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Type != Schematic)
        {
            yield break;
        }

        if (Name is null)
        {
            yield return new ValidationResult(ApiText.FormatNameMissing, [nameof(Name)]);
        }

        if (Schema is not { } schema)
        {
            yield return new ValidationResult(ApiText.SchemaMissing, [nameof(Schema)]);
        }
        else if (schema.ValueKind is not JsonValueKind.Object)
        {
            yield return new ValidationResult(ApiText.SchemaInvalid, [nameof(Schema)]);
        }
    }

    private static bool IsWithin(JsonElement value, int levels) => value.ValueKind switch
    {
        JsonValueKind.Object => levels > 0 && value.EnumerateObject().All(member => IsWithin(member.Value, levels - 1)),
        JsonValueKind.Array => levels > 0 && value.EnumerateArray().All(item => IsWithin(item, levels - 1)),
        _ => true,
    };

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex NamePattern();
}
