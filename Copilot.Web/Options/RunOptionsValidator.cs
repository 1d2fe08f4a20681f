using Copilot.Domain.Runs;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Options;

/// <summary>Checks <see cref="RunOptions"/>, which are bound from <c>Runs</c>.</summary>
internal sealed class RunOptionsValidator : IValidateOptions<RunOptions>
{
    public ValidateOptionsResult Validate(string? name, RunOptions options)
    {
        List<string?> problems =
        [
            SettingReader.CheckPositive("Runs:MaxActive", options.MaxActive),
            options.MaxQueuedPerUser >= 0
                ? null
                : $"Runs:MaxQueuedPerUser is {options.MaxQueuedPerUser}. Set it to 0 (no queue) or more (Runs__MaxQueuedPerUser in the environment).",
            SettingReader.CheckPositive("Runs:MaxInputLength", options.MaxInputLength),
            SettingReader.CheckPositive("Runs:MaxUnwrittenBytes", options.MaxUnwrittenBytes),
            SettingReader.CheckDuration("Runs:ShutdownTimeout", options.ShutdownTimeout),
        ];
        var failures = problems.OfType<string>().ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
