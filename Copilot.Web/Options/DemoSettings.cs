using Microsoft.Extensions.Options;

namespace Copilot.Web.Options;

/// <summary>Reads and checks <see cref="DemoOptions"/>.</summary>
internal sealed class DemoSettings(IConfiguration configuration, IHostEnvironment environment)
    : IConfigureOptions<DemoOptions>, IValidateOptions<DemoOptions>
{
    private List<string> _errors = [];

    public void Configure(DemoOptions options)
    {
        var errors = new List<string>();
        var reader = new SettingReader(configuration, "Demo", errors);
        options.Enabled = reader.Flag(nameof(options.Enabled), environment.IsDevelopment());
        options.ApiKey = reader.Text(nameof(options.ApiKey)) ?? options.ApiKey;
        options.TokensPerSecond = reader.Number(nameof(options.TokensPerSecond), options.TokensPerSecond);
        _errors = errors;
    }

    public ValidateOptionsResult Validate(string? name, DemoOptions options)
    {
        var failures = new List<string>(_errors);
        if (!(options.TokensPerSecond >= 0 && double.IsFinite(options.TokensPerSecond)))
        {
            failures.Add("Demo:TokensPerSecond must be 0 (as fast as it can) or more. Set Demo__TokensPerSecond.");
        }

        if (options.ApiKey.Any(character => char.IsWhiteSpace(character) || char.IsControl(character)))
        {
            failures.Add("Demo:ApiKey must not contain spaces: it travels in a header. Set Demo__ApiKey.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
