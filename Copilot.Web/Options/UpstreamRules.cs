using Copilot.Domain.Responses;
using Copilot.Domain.Settings;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Options;

/// <summary>
/// What stands in for settings of <see cref="UpstreamOptions"/> that are not there: <c>OPENAI_BASE_URL</c> and <c>OPENAI_API_KEY</c>, as
/// in the official clients, where a key alone means OpenAI's own address; and the demo upstream in demo mode.
/// </summary>
internal sealed class UpstreamRules(IConfiguration configuration, SettingSection<UpstreamOptions> section, IOptions<DemoOptions> demo)
    : IPostConfigureOptions<UpstreamOptions>, IValidateOptions<UpstreamOptions>
{
    private const string AddressVariable = "OPENAI_BASE_URL";

    /// <summary>The demo model's name: of a family that can be steered, so that people see it.</summary>
    private const string DemoModel = "gpt-6-demo";

    /// <summary>Small, so that people see the gauge move.</summary>
    private const int DemoWindow = 32_000;

    private static readonly Uri s_openAi = new("https://api.openai.com/v1");

    private bool UsesVariable => !section.IsSet(nameof(UpstreamOptions.BaseUrl)) && FromEnvironment(AddressVariable) is not null;

    // Null where it is no usable address.
    private Uri? VariableAddress =>
        Uri.TryCreate(FromEnvironment(AddressVariable), UriKind.Absolute, out var address) && HttpAddressAttribute.IsUsable(address) ? address : null;

    public void PostConfigure(string? name, UpstreamOptions options)
    {
        options.ApiKey ??= FromEnvironment("OPENAI_API_KEY");
        if (options.BaseUrl is null && !section.IsWrong(nameof(options.BaseUrl)))
        {
            options.BaseUrl = UsesVariable ? VariableAddress : options.ApiKey is not null ? s_openAi : null;
        }

        if (options.BaseUrl is null && !section.IsSet(nameof(options.Model)) && IsDemo())
        {
            options.Model = DemoModel;
        }

        if (options.BaseUrl is null && options.ContextWindows.Count == 0 && IsDemo())
        {
            options.ContextWindows.Add(new ModelWindowOptions { Model = DemoModel, Tokens = DemoWindow });
        }
    }

    public ValidateOptionsResult Validate(string? name, UpstreamOptions options) =>
        ProblemOf(options) is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;

    private string? ProblemOf(UpstreamOptions options)
    {
        if (options.BaseUrl is { } address)
        {
            return options.ApiKey is null && address.IsAbsoluteUri && address.Host == s_openAi.Host
                ? $"{address} needs a key. Set OPENAI_API_KEY or Upstream__ApiKey."
                : null;
        }

        if (UsesVariable && VariableAddress is null)
        {
            return $"{AddressVariable} cannot be used. Set it to {HttpAddressAttribute.Form}.";
        }

        // A wrong address has its own message; a second one about the same setting would only confuse.
        return IsDemo() || section.IsWrong(nameof(options.BaseUrl))
            ? null
            : "No upstream is set. Set OPENAI_API_KEY to use OpenAI, or Upstream__BaseUrl (and Upstream__ApiKey) to use any "
                + "server of the Responses API, or Demo__Enabled=true to try it on this machine without one.";
    }

    // DemoOptions may be wrong themselves; they are reported on their own.
    private bool IsDemo()
    {
        try
        {
            return demo.Value.Enabled;
        }
        catch (OptionsValidationException)
        {
            return true;
        }
    }

    private string? FromEnvironment(string variable)
    {
        var value = configuration[variable];
        return string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }
}
