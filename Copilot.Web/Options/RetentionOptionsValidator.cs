using Copilot.Domain.Erasure;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Options;

/// <summary>Checks <see cref="RetentionOptions"/>, which are bound from <c>Retention</c>.</summary>
internal sealed class RetentionOptionsValidator : IValidateOptions<RetentionOptions>
{
    // A hundred years. More would not fit into the calendar's beginning.
    private const int MostDays = 36_500;

    public ValidateOptionsResult Validate(string? name, RetentionOptions options)
    {
        List<string?> problems =
        [
            options.Days is null or (>= 1 and <= MostDays)
                ? null
                : $"Retention:Days is {options.Days}. Set it to 1 to {MostDays}, or leave it out to keep everything (Retention__Days in the environment).",
            SettingReader.CheckDuration("Retention:SweepInterval", options.SweepInterval),
            SettingReader.CheckDuration("Retention:RetryDelay", options.RetryDelay),
            SettingReader.CheckDuration("Retention:MaxRetryDelay", options.MaxRetryDelay),
            SettingReader.CheckPositive("Retention:BatchEvents", options.BatchEvents),
        ];
        var failures = problems.OfType<string>().ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
