using Microsoft.Extensions.Options;

namespace Copilot.Domain.Supervision;

/// <summary>Checks <see cref="SupervisionOptions"/>, those of each agent included.</summary>
public sealed class SupervisionOptionsValidator : IValidateOptions<SupervisionOptions>
{
    private readonly CommonOptionsValidator _common = new();
    private readonly AgentSupervisionOptionsValidator _agent = new();

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, SupervisionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var failures = new List<string>(_common.Validate(name, options).Failures ?? []);
        foreach (var (agent, own) in options.Agents)
        {
            failures.AddRange(_agent.Validate($"{name}:{nameof(SupervisionOptions.Agents)}:{agent}", own).Failures ?? []);
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
