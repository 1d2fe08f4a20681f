using Copilot.Domain.Responses;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Options;

/// <summary>
/// Reads and checks <see cref="UpstreamOptions"/>. <c>OPENAI_BASE_URL</c> and <c>OPENAI_API_KEY</c> stand in for settings that
/// are not there, as in the official clients: a key alone means OpenAI's own address.
/// </summary>
internal sealed class UpstreamSettings(IConfiguration configuration, IOptions<DemoOptions> demo)
    : IConfigureOptions<UpstreamOptions>, IValidateOptions<UpstreamOptions>
{
    private const string Section = "Upstream";

    /// <summary>The demo model's name: of a family that can be steered, so that people see it.</summary>
    private const string DemoModel = "gpt-6-demo";

    private static readonly Uri s_openAi = new("https://api.openai.com/v1");

    private List<string> _errors = [];

    public void Configure(UpstreamOptions options)
    {
        var errors = new List<string>();
        var reader = new SettingReader(configuration, Section, errors);
        options.ApiKey = reader.Text(nameof(options.ApiKey)) ?? FromEnvironment("OPENAI_API_KEY");
        options.BaseUrl = Address(reader.Text(nameof(options.BaseUrl)), "Upstream:BaseUrl", errors)
            ?? (reader.Text(nameof(options.BaseUrl)) is null
                ? Address(FromEnvironment("OPENAI_BASE_URL"), "OPENAI_BASE_URL", errors)
                : null);
        if (options.BaseUrl is null && options.ApiKey is not null && errors.Count == 0)
        {
            options.BaseUrl = s_openAi;
        }

        options.ApiKeyHeader = HeaderName(reader.Text(nameof(options.ApiKeyHeader)), "Upstream:ApiKeyHeader", errors) ?? options.ApiKeyHeader;
        ReadHeaders(options.Headers, errors);
        options.Model = reader.Text(nameof(options.Model)) ?? (options.BaseUrl is null && IsDemo() ? DemoModel : options.Model);
        options.Transport = reader.Choice(nameof(options.Transport), options.Transport);
        options.Store = reader.Flag(nameof(options.Store), options.Store);
        options.ConnectTimeout = reader.Duration(nameof(options.ConnectTimeout), options.ConnectTimeout);
        options.SocketHeadStart = reader.Duration(nameof(options.SocketHeadStart), options.SocketHeadStart);
        options.SocketCooldown = reader.Duration(nameof(options.SocketCooldown), options.SocketCooldown);
        options.MaxSocketCooldown = reader.Duration(nameof(options.MaxSocketCooldown), options.MaxSocketCooldown);
        options.FirstEventTimeout = reader.Duration(nameof(options.FirstEventTimeout), options.FirstEventTimeout);
        options.KeepAliveInterval = reader.Duration(nameof(options.KeepAliveInterval), options.KeepAliveInterval);
        options.KeepAliveTimeout = reader.Duration(nameof(options.KeepAliveTimeout), options.KeepAliveTimeout);
        options.MaxConnectionAge = reader.Duration(nameof(options.MaxConnectionAge), options.MaxConnectionAge);
        options.WarmUp = reader.Choice(nameof(options.WarmUp), options.WarmUp);
        options.WarmSocketLifetime = reader.Duration(nameof(options.WarmSocketLifetime), options.WarmSocketLifetime);
        options.MaxConnectsPerSecond = reader.WholeNumber(nameof(options.MaxConnectsPerSecond), options.MaxConnectsPerSecond);
        options.MaxConcurrentConnects = reader.WholeNumber(nameof(options.MaxConcurrentConnects), options.MaxConcurrentConnects);
        options.MaxAttempts = reader.WholeNumber(nameof(options.MaxAttempts), options.MaxAttempts);
        options.RetryDelay = reader.Duration(nameof(options.RetryDelay), options.RetryDelay);
        options.MaxRetryDelay = reader.Duration(nameof(options.MaxRetryDelay), options.MaxRetryDelay);
        options.MaxRetryWait = reader.Duration(nameof(options.MaxRetryWait), options.MaxRetryWait);
        options.MaxEventBytes = reader.WholeNumber(nameof(options.MaxEventBytes), options.MaxEventBytes);
        options.MaxRequestBytes = reader.WholeNumber(nameof(options.MaxRequestBytes), options.MaxRequestBytes);
        options.CompactThreshold = reader.OptionalNumber(nameof(options.CompactThreshold), options.CompactThreshold);
        options.ContextTokens = reader.OptionalNumber(nameof(options.ContextTokens), options.ContextTokens);
        options.Steering = reader.Choice(nameof(options.Steering), options.Steering);
        options.ReasoningEffort = reader.Text(nameof(options.ReasoningEffort)) ?? options.ReasoningEffort;
        options.ReasoningSummary = Summary(options.ReasoningSummary);
        _errors = errors;
    }

    public ValidateOptionsResult Validate(string? name, UpstreamOptions options)
    {
        List<string?> problems =
        [
            .. _errors,
            SettingReader.CheckDuration("Upstream:ConnectTimeout", options.ConnectTimeout),
            SettingReader.CheckDuration("Upstream:SocketHeadStart", options.SocketHeadStart),
            SettingReader.CheckDuration("Upstream:SocketCooldown", options.SocketCooldown),
            SettingReader.CheckDuration("Upstream:MaxSocketCooldown", options.MaxSocketCooldown),
            SettingReader.CheckDuration("Upstream:FirstEventTimeout", options.FirstEventTimeout),
            SettingReader.CheckDuration("Upstream:KeepAliveInterval", options.KeepAliveInterval),
            SettingReader.CheckDuration("Upstream:KeepAliveTimeout", options.KeepAliveTimeout),
            SettingReader.CheckDuration("Upstream:MaxConnectionAge", options.MaxConnectionAge),
            SettingReader.CheckDuration("Upstream:WarmSocketLifetime", options.WarmSocketLifetime),
            SettingReader.CheckPositive("Upstream:MaxConnectsPerSecond", options.MaxConnectsPerSecond),
            SettingReader.CheckPositive("Upstream:MaxConcurrentConnects", options.MaxConcurrentConnects),
            SettingReader.CheckPositive("Upstream:MaxAttempts", options.MaxAttempts),
            SettingReader.CheckDuration("Upstream:RetryDelay", options.RetryDelay),
            SettingReader.CheckDuration("Upstream:MaxRetryDelay", options.MaxRetryDelay),
            SettingReader.CheckDuration("Upstream:MaxRetryWait", options.MaxRetryWait),
            SettingReader.CheckPositive("Upstream:MaxEventBytes", options.MaxEventBytes),
            SettingReader.CheckPositive("Upstream:MaxRequestBytes", options.MaxRequestBytes),
            SettingReader.CheckPositive("Upstream:CompactThreshold", options.CompactThreshold ?? 1),
            SettingReader.CheckPositive("Upstream:ContextTokens", options.ContextTokens ?? 1),
            MissingUpstream(options),
            MissingKey(options),
        ];
        var failures = problems.OfType<string>().ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private string? MissingUpstream(UpstreamOptions options)
    {
        // A wrong address has its own message; a second one about the same setting would only confuse.
        var isAddressWrong = _errors.Any(error => error.Contains("BaseUrl", StringComparison.Ordinal)
            || error.StartsWith("OPENAI_BASE_URL", StringComparison.Ordinal));
        return options.BaseUrl is not null || IsDemo() || isAddressWrong
            ? null
            : "No upstream is set. Set OPENAI_API_KEY to use OpenAI, or Upstream__BaseUrl (and Upstream__ApiKey) to use any "
                + "server of the Responses API, or Demo__Enabled=true to try it on this machine without one.";
    }

    private static string? MissingKey(UpstreamOptions options) =>
        options is { ApiKey: null, BaseUrl: { } address } && address.Host == s_openAi.Host
            ? $"{address} needs a key. Set OPENAI_API_KEY or Upstream__ApiKey."
            : null;

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

    // An empty value is meant here: it asks for no summaries.
    private string? Summary(string? fallback) =>
        configuration[$"{Section}:{nameof(UpstreamOptions.ReasoningSummary)}"] switch
        {
            null => fallback,
            { } text when string.IsNullOrWhiteSpace(text) => null,
            { } text => text.Trim(),
        };

    private string? FromEnvironment(string name)
    {
        var value = configuration[name];
        return string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }

    private void ReadHeaders(Dictionary<string, string> headers, List<string> errors)
    {
        foreach (var header in configuration.GetSection($"{Section}:{nameof(UpstreamOptions.Headers)}").GetChildren())
        {
            var setting = $"{Section}:{nameof(UpstreamOptions.Headers)}:{header.Key}";
            if (HeaderName(header.Key, setting, errors) is not { } name || string.IsNullOrWhiteSpace(header.Value))
            {
                continue;
            }

            // The value may be a secret, so the message does not repeat it.
            if (header.Value.AsSpan().Trim().ContainsAnyExceptInRange(' ', '~'))
            {
                errors.Add($"{setting} has characters that cannot be sent. Set it to printable ASCII ({SettingReader.Variable(setting)} in the environment).");
                continue;
            }

            headers[name] = header.Value.Trim();
        }
    }

    private static string? HeaderName(string? name, string setting, List<string> errors)
    {
        if (name is null || (name.Length <= 100 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')))
        {
            return name;
        }

        errors.Add($"{setting} is not a header's name. Set it to letters, digits and hyphens, like api-key.");
        return null;
    }

    private static Uri? Address(string? text, string setting, List<string> errors)
    {
        if (text is null)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            && address.UserInfo.Length == 0
            && address.Fragment.Length == 0)
        {
            return address;
        }

        errors.Add($"{setting} is not a usable address. Set it to an absolute http or https address without user name and "
            + "fragment, like https://api.openai.com/v1.");
        return null;
    }
}
