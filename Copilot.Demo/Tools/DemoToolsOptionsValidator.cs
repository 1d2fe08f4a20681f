using Microsoft.Extensions.Options;

namespace Copilot.Demo.Tools;

internal sealed class DemoToolsOptionsValidator : IValidateOptions<DemoToolsOptions>
{
    public ValidateOptionsResult Validate(string? name, DemoToolsOptions options)
    {
        var errors = new List<string>();
        if (string.IsNullOrWhiteSpace(options.DatabasePath))
        {
            errors.Add($"{DemoToolsOptions.Section}:{nameof(options.DatabasePath)} is empty; it names the sample database's file.");
        }

        if (options.Latency < TimeSpan.Zero || options.Latency > TimeSpan.FromMinutes(1))
        {
            errors.Add($"{DemoToolsOptions.Section}:{nameof(options.Latency)} is {options.Latency}; it is from zero to one minute.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
