using Copilot.Domain.Costs;
using Copilot.Domain.Responses;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Options;

/// <summary>
/// The default of <see cref="PriceOptions"/>. There are no prices by default: an invented one would be believed. Only the demo
/// upstream has some, so that a demo shows what costs look like.
/// </summary>
internal sealed class PriceRules(SettingSection<PriceOptions> section, IOptions<DemoOptions> demo, IOptions<UpstreamOptions> upstream)
    : IPostConfigureOptions<PriceOptions>
{
    public void PostConfigure(string? name, PriceOptions options)
    {
        if (options.Models.Count == 0 && section.Errors.Count == 0 && IsDemoUpstream())
        {
            options.Currency ??= "EUR";
            options.Models.Add(new ModelPriceOptions { Model = "*", Input = 2, Cached = 0.2m, Output = 10 });
        }
    }

    // Where these are wrong themselves, the start fails anyway, and says so for them.
    private bool IsDemoUpstream()
    {
        try
        {
            return demo.Value.Enabled && upstream.Value.BaseUrl is null;
        }
        catch (OptionsValidationException)
        {
            return false;
        }
    }
}
