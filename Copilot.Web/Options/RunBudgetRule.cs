using Copilot.Domain.Costs;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Options;

/// <summary>A budget needs a price: what has none costs nothing that could be counted, so such a budget would limit nothing.</summary>
internal sealed class RunBudgetRule(IOptions<PriceOptions> prices, IOptions<UpstreamOptions> upstream) : IValidateOptions<RunOptions>
{
    public ValidateOptionsResult Validate(string? name, RunOptions options) =>
        options.Budget is > 0 && IsPriceMissing()
            ? ValidateOptionsResult.Fail(
                $"Runs:Budget needs a price of '{upstream.Value.Model}' (Upstream:Model). Set Prices__Models__0__Model and its prices, or leave the budget out.")
            : ValidateOptionsResult.Success;

    private bool IsPriceMissing()
    {
        try
        {
            return new PriceTable(prices).Find(upstream.Value.Model) is null;
        }
        catch (OptionsValidationException)
        {
            // Wrong themselves, these have their own message.
            return false;
        }
    }
}
