using Copilot.Demo.Upstream.Network;
using Microsoft.Extensions.Options;

namespace Copilot.Demo.Upstream;

internal sealed class DemoUpstreamOptionsValidator : IValidateOptions<DemoUpstreamOptions>
{
    public ValidateOptionsResult Validate(string? name, DemoUpstreamOptions options)
    {
        var errors = options.Faults
            .Select(fault => fault.FindError())
            .OfType<string>()
            .Select(flaw => $"{DemoUpstreamOptions.Section}:{nameof(options.Faults)}: {flaw}")
            .ToList();
        if (options.Network is { Length: > 0 } network && NetworkProfile.Find(network) is null)
        {
            errors.Add($"{DemoUpstreamOptions.Section}:{nameof(options.Network)} is '{network}'; it is one of "
                + $"{string.Join(", ", NetworkProfile.All.Select(profile => profile.Name))}.");
        }

        if (options.MaxConnectionAge <= TimeSpan.Zero)
        {
            errors.Add($"{DemoUpstreamOptions.Section}:{nameof(options.MaxConnectionAge)} is {options.MaxConnectionAge}; it is more than zero.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
