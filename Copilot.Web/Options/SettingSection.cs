using Microsoft.Extensions.Options;

namespace Copilot.Web.Options;

/// <summary>A section of the configuration and the options that it is bound to.</summary>
internal interface ISettingSection
{
    /// <summary>The section: <c>Runs</c>.</summary>
    string Name { get; }

    /// <summary>The options.</summary>
    Type Options { get; }

    /// <summary>Texts that are no values of their settings.</summary>
    IReadOnlyList<SettingError> Errors { get; }

    /// <summary>All that is wrong with the options, <see cref="Errors"/> included.</summary>
    IEnumerable<string> Check(IServiceProvider services);
}

/// <summary>The section of one type of options. Read once.</summary>
internal sealed class SettingSection<TOptions> : ISettingSection, IConfigureOptions<TOptions>, IValidateOptions<TOptions>
    where TOptions : class
{
    private readonly IConfigurationSection _set;
    private readonly IConfigurationSection _values;

    public SettingSection(IConfiguration configuration, string name)
    {
        Name = name;
        _set = configuration.GetSection(name);
        (_values, Errors) = SettingConversion.Prepare(_set, typeof(TOptions));
    }

    public string Name { get; }

    public Type Options => typeof(TOptions);

    public IReadOnlyList<SettingError> Errors { get; }

    /// <summary>True when the setting has a value, usable or not. Lists and groups may be set to nothing.</summary>
    public bool IsSet(string setting) =>
        _set.GetSection(setting) is var section && section.Exists() && (section.Value is null || section.Value.Trim().Length > 0);

    /// <summary>True when the configuration names the setting, with or without a value.</summary>
    public bool IsNamed(string setting) => _set.GetSection(setting).Exists();

    /// <summary>True when the setting has a text that is no value of it.</summary>
    public bool IsWrong(string setting) => Errors.Any(error => error.Setting == $"{Name}:{setting}");

    public void Configure(TOptions options) => _values.Bind(options);

    public ValidateOptionsResult Validate(string? name, TOptions options) =>
        Errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(Errors.Select(error => error.Sentence));

    public IEnumerable<string> Check(IServiceProvider services)
    {
        try
        {
            _ = services.GetRequiredService<IOptions<TOptions>>().Value;
            return [];
        }
        catch (OptionsValidationException exception)
        {
            // A text that could not be converted left its setting out, which may break a rule. One sentence about it is enough.
            return exception.Failures.Where(failure => !Errors.Any(error =>
                failure != error.Sentence && failure.StartsWith(error.Setting + " ", StringComparison.Ordinal)));
        }
    }
}
