using System.ComponentModel.DataAnnotations;

namespace Copilot.Domain.Settings;

/// <summary>
/// What a setting may be. One text serves the error at start ("Set it to …") and the configuration page. A setting that is null
/// passes; <see cref="NeededAttribute"/> refuses it.
/// </summary>
/// <param name="expected">What to set it to, as it completes "Set it to".</param>
[AttributeUsage(AttributeTargets.Property)]
public abstract class SettingAttribute(string expected) : ValidationAttribute
{
    /// <summary>What to set it to, as it completes "Set it to".</summary>
    public string Expected { get; } = expected;

    /// <summary>True when the value may be or hold a secret, so that no message repeats it.</summary>
    public virtual bool HidesValue => false;

    /// <summary>True when the value can be used.</summary>
    /// <param name="value">The value, never null.</param>
    protected abstract bool Fits(object value);

    /// <inheritdoc/>
    public sealed override bool IsValid(object? value) => value is null || Fits(value);

    /// <inheritdoc/>
    protected sealed override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is null || Fits(value))
        {
            return ValidationResult.Success;
        }

        var setting = SettingText.NameOf(validationContext);
        return new ValidationResult(HidesValue ? SettingText.Unusable(setting, Expected) : SettingText.Wrong(setting, value, Expected));
    }
}
