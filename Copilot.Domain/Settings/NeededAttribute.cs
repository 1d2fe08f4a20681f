using System.ComponentModel.DataAnnotations;

namespace Copilot.Domain.Settings;

/// <summary>A setting that must be there.</summary>
/// <param name="expected">What to set it to, as it completes "Set it to".</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NeededAttribute(string expected) : RequiredAttribute
{
    /// <summary>What to set it to, as it completes "Set it to".</summary>
    public string Expected { get; } = expected;

    /// <inheritdoc/>
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        IsValid(value) ? ValidationResult.Success : new ValidationResult(SettingText.Missing(SettingText.NameOf(validationContext), Expected));
}
