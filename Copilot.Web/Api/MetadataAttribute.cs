using System.ComponentModel.DataAnnotations;

namespace Copilot.Web.Api;

/// <summary>A run's <c>metadata</c>, within the upstream's own limits: checked here, because there they would fail the run.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MetadataAttribute : ValidationAttribute
{
    private const int MaxPairs = 16;
    private const int MaxKeyLength = 64;
    private const int MaxValueLength = 512;

    /// <inheritdoc/>
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is IReadOnlyDictionary<string, string> pairs && ProblemOf(pairs) is { } problem ? new ValidationResult(problem) : ValidationResult.Success;

    private static string? ProblemOf(IReadOnlyDictionary<string, string> pairs) =>
        pairs.Values.Any(text => text is null) ? ApiText.MetadataInvalid
        : pairs.Any(pair => pair.Key.Length is 0 or > MaxKeyLength || pair.Value.Length > MaxValueLength)
            ? ApiText.MetadataLength(MaxKeyLength, MaxValueLength)
        : pairs.Count > MaxPairs ? ApiText.MetadataPairs(MaxPairs)
        : null;
}
