using Microsoft.Extensions.Options;

namespace Copilot.Domain.Settings;

/// <summary>Validates options under the name of their section, so that errors name the settings as people write them.</summary>
/// <param name="section">The section: <c>Runs</c>.</param>
/// <param name="rules">The generated validator.</param>
public sealed class SectionValidator<TOptions>(string section, IValidateOptions<TOptions> rules) : IValidateOptions<TOptions>
    where TOptions : class
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, TOptions options) => rules.Validate(section, options);
}
