using Copilot.Domain.Costs;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Options;

/// <summary>Checks <see cref="RunOptions"/>, which are bound from <c>Runs</c>.</summary>
internal sealed class RunOptionsValidator(IOptions<PriceOptions> prices, IOptions<UpstreamOptions> upstream) : IValidateOptions<RunOptions>
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
            SettingReader.CheckDuration("Runs:BudgetDecisionTimeout", options.BudgetDecisionTimeout),
            CheckBudget(options.Budget),
        ];
        var failures = problems.OfType<string>().ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private string? CheckBudget(decimal? budget)
    {
        if (budget is not { } amount)
        {
            return null;
        }

        if (amount < 0.000001m || amount > Money.ToUnits(Money.MaxMicros))
        {
            return FormattableString.Invariant(
                $"Runs:Budget is {amount}. Set it to what a run may cost, from 0.000001, or leave it out (Runs__Budget in the environment).");
        }

        try
        {
            // What has no price costs nothing that could be counted, so such a budget would hold nobody.
            return new PriceTable(prices).Find(upstream.Value.Model) is null
                ? $"Runs:Budget needs a price of '{upstream.Value.Model}' (Upstream:Model). Set Prices__Models__0__Model and its prices, or leave the budget out."
                : null;
        }
        catch (OptionsValidationException)
        {
            // Wrong themselves, these have their own message.
            return null;
        }
    }
}
