using Copilot.Domain.Runs.HostedTools;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Options;

/// <summary>
/// Reads and checks <see cref="HostedToolsOptions"/>. In demo mode with the demo upstream every tool is on that is not set
/// otherwise; with any other upstream every tool is off that is not set.
/// </summary>
internal sealed class HostedToolSettings(IConfiguration configuration, IServiceProvider services)
    : IConfigureOptions<HostedToolsOptions>, IValidateOptions<HostedToolsOptions>
{
    private const string Section = "HostedTools";

    private List<string> _errors = [];

    public void Configure(HostedToolsOptions options)
    {
        var errors = new List<string>();
        var demo = IsDemoUpstream();
        var web = Reader("WebSearch", errors);
        options.WebSearch = new WebSearchToolOptions
        {
            Enabled = web.Flag("Enabled", demo),
            ContextSize = web.Text("ContextSize"),
            AllowedDomains = List("WebSearch:AllowedDomains"),
            Country = web.Text("Country")?.ToUpperInvariant(),
        };
        var files = Reader("FileSearch", errors);
        options.FileSearch = new FileSearchToolOptions
        {
            VectorStoreIds = configuration.GetSection($"{Section}:FileSearch:VectorStoreIds").Exists() || !demo
                ? List("FileSearch:VectorStoreIds")
                : ["vs_demo_manuals"],
            MaxResults = files.Text("MaxResults") is null ? null : files.WholeNumber("MaxResults", 0),
        };
        var code = Reader("CodeInterpreter", errors);
        options.CodeInterpreter = new CodeInterpreterToolOptions { Enabled = code.Flag("Enabled", demo), Memory = code.Text("Memory") };
        var images = Reader("ImageGeneration", errors);
        options.ImageGeneration = new ImageGenerationToolOptions
        {
            Enabled = images.Flag("Enabled", demo),
            Size = images.Text("Size"),
            Quality = images.Text("Quality"),
            Format = images.Text("Format"),
            PartialImages = images.WholeNumber("PartialImages", demo ? 2 : 0),
        };
        options.Mcp.Clear();
        foreach (var server in configuration.GetSection($"{Section}:Mcp").GetChildren())
        {
            options.Mcp[server.Key] = ReadServer(server, errors);
        }

        if (demo && !configuration.GetSection($"{Section}:Mcp").Exists())
        {
            // Nobody ever calls this address: the demo upstream plays the server.
            options.Mcp["demo"] = new McpServerOptions
            {
                Url = new Uri("https://mcp.example.com/demo"),
                Description = "Warranties of the sample company's equipment.",
                RequireApproval = McpApproval.Never,
            };
        }

        _errors = errors;
    }

    public ValidateOptionsResult Validate(string? name, HostedToolsOptions options)
    {
        List<string> failures = [.. _errors, .. HostedToolChecks.Of(options)];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private McpServerOptions ReadServer(IConfigurationSection section, List<string> errors)
    {
        var at = $"Mcp:{section.Key}";
        var reader = Reader(at, errors);
        var server = new McpServerOptions
        {
            Authorization = reader.Text("Authorization"),
            Description = reader.Text("Description"),
            AllowedTools = List($"{at}:AllowedTools"),
            RequireApproval = reader.Choice("RequireApproval", McpApproval.Always),
            ApprovalExceptions = List($"{at}:ApprovalExceptions"),
        };
        foreach (var header in section.GetSection("Headers").GetChildren())
        {
            server.Headers[header.Key] = header.Value ?? "";
        }

        if (reader.Text("Url") is { } text)
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var url))
            {
                server.Url = url;
            }
            else
            {
                errors.Add($"{Section}:{at}:Url is not an absolute address. Set it to the server's https address.");
            }
        }
        else
        {
            errors.Add($"{Section}:{at}:Url is missing. Set it to the server's https address.");
        }

        return server;
    }

    private SettingReader Reader(string section, List<string> errors) => new(configuration, $"{Section}:{section}", errors);

    private IReadOnlyList<string> List(string name)
    {
        var section = configuration.GetSection($"{Section}:{name}");

        // One value may hold several, which is easier to write in the environment.
        return
        [
            .. section.GetChildren().Select(child => child.Value).Append(section.Value)
                .SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                .Distinct(StringComparer.Ordinal),
        ];
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
}
