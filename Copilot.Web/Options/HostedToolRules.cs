using System.Text.RegularExpressions;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.HostedTools;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Options;

/// <summary>
/// The defaults of <see cref="HostedToolsOptions"/> and the checks of its servers. With the demo upstream every tool is on that is not
/// set otherwise; with any other upstream every tool is off that is not set.
/// </summary>
internal sealed partial class HostedToolRules(SettingSection<HostedToolsOptions> section, IServiceProvider services)
    : IConfigureOptions<HostedToolsOptions>, IValidateOptions<HostedToolsOptions>
{
    private readonly McpServerOptionsValidator _server = new();

    // Runs before the settings are bound.
    public void Configure(HostedToolsOptions options)
    {
        if (!IsDemoUpstream())
        {
            return;
        }

        options.WebSearch.Enabled = options.CodeInterpreter.Enabled = options.ImageGeneration.Enabled = true;
        options.ImageGeneration.PartialImages = 2;
        if (!section.IsNamed("FileSearch:VectorStoreIds"))
        {
            options.FileSearch.VectorStoreIds = ["vs_demo_manuals"];
        }

        if (!section.IsNamed("Mcp"))
        {
            // This address is never called: the demo upstream plays the server.
            options.Mcp["demo"] = new McpServerOptions
            {
                Url = new Uri("https://mcp.example.com/demo"),
                Description = "Warranties of the sample company's equipment.",
                RequireApproval = McpApproval.Never,
            };
        }
    }

    public ValidateOptionsResult Validate(string? name, HostedToolsOptions options)
    {
        var failures = options.Mcp.SelectMany(server => ErrorsOf(server.Key, server.Value)).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private IEnumerable<string> ErrorsOf(string label, McpServerOptions server)
    {
        var setting = $"{section.Name}:Mcp:{label}";
        var errors = _server.Validate(setting, server).Failures ?? [];
        return LabelPattern().IsMatch(label)
            ? errors
            : errors.Prepend($"{setting}: a label has 1 to 64 letters, digits, '_' or '-', with a letter first. Set another.");
    }

    // What is wrong with the upstream's own settings is reported there.
    private bool IsDemoUpstream()
    {
        try
        {
            return services.GetRequiredService<IOptions<DemoOptions>>().Value.Enabled
                && services.GetRequiredService<UpstreamChoice>().IsDemoUpstream;
        }
        catch (OptionsValidationException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_-]{0,63}\z")]
    private static partial Regex LabelPattern();
}
