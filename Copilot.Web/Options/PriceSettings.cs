using Copilot.Domain.Costs;
using Copilot.Domain.Responses;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Options;

/// <summary>
/// Reads and checks <see cref="PriceOptions"/>. There are no prices by default: an invented one would be believed. Only the demo
/// upstream has some, so that a demo shows what costs look like.
/// </summary>
internal sealed class PriceSettings(IConfiguration configuration, IOptions<DemoOptions> demo, IOptions<UpstreamOptions> upstream)
    : IConfigureOptions<PriceOptions>, IValidateOptions<PriceOptions>
{
    private const string Section = "Prices";

    private List<string> _errors = [];

    public void Configure(PriceOptions options)
    {
        var errors = new List<string>();
        options.Currency = new SettingReader(configuration, Section, errors).Text(nameof(options.Currency));
        foreach (var entry in configuration.GetSection(Section + ":Models").GetChildren())
        {
            options.Models.Add(Read(new SettingReader(configuration, entry.Path, errors), errors, entry.Path));
        }

        if (options.Models.Count == 0 && errors.Count == 0 && IsDemoUpstream())
        {
            options.Currency ??= "EUR";
            options.Models.Add(new ModelPriceOptions { Model = "*", Input = 2, Cached = 0.2m, Output = 10 });
        }

        _errors = errors;
    }

    public ValidateOptionsResult Validate(string? name, PriceOptions options)
    {
        List<string> failures = [.. _errors, .. PriceCheck.ErrorsOf(options, Section)];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static ModelPriceOptions Read(SettingReader reader, List<string> errors, string setting)
    {
        foreach (var needed in (string[])[nameof(ModelPriceOptions.Input), nameof(ModelPriceOptions.Output)])
        {
            if (reader.Text(needed) is null)
            {
                // Left out, it would be free.
                errors.Add($"{setting}:{needed} is missing. Set it to what a million tokens cost ({SettingReader.Variable(setting)}__{needed} in the environment).");
            }
        }

        return new ModelPriceOptions
        {
            Model = reader.Text(nameof(ModelPriceOptions.Model)) ?? "",
            Input = reader.Decimal(nameof(ModelPriceOptions.Input), 0),
            Cached = Optional(reader, nameof(ModelPriceOptions.Cached)),
            Output = reader.Decimal(nameof(ModelPriceOptions.Output), 0),
            Reasoning = Optional(reader, nameof(ModelPriceOptions.Reasoning)),
        };
    }

    private static decimal? Optional(SettingReader reader, string name) => reader.Text(name) is null ? null : reader.Decimal(name, 0);

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
