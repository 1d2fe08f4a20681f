using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Copilot.Domain.Settings;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Runs.HostedTools;

/// <summary>
/// The tools that the upstream runs itself, which every agent is offered. Bound from <c>HostedTools</c>. Off unless set; in
/// demo mode with the demo upstream on unless set.
/// </summary>
public sealed class HostedToolsOptions
{
    /// <summary>Web search (<c>web_search</c>).</summary>
    [ValidateObjectMembers]
    public WebSearchToolOptions WebSearch { get; set; } = new();

    /// <summary>Search in vector stores (<c>file_search</c>).</summary>
    [ValidateObjectMembers]
    public FileSearchToolOptions FileSearch { get; set; } = new();

    /// <summary>Code in the upstream's sandbox (<c>code_interpreter</c>).</summary>
    [ValidateObjectMembers]
    public CodeInterpreterToolOptions CodeInterpreter { get; set; } = new();

    /// <summary>Images (<c>image_generation</c>).</summary>
    [ValidateObjectMembers]
    public ImageGenerationToolOptions ImageGeneration { get; set; } = new();

    /// <summary>MCP servers that the upstream calls (<c>mcp</c>), by <c>server_label</c>: 1 to 64 letters, digits, <c>_</c> or <c>-</c>, a letter first. Default: none; with the demo upstream one called <c>demo</c>.</summary>
    public Dictionary<string, McpServerOptions> Mcp { get; } = new(StringComparer.Ordinal);
}

/// <summary>Options of the API's <c>web_search</c> tool.</summary>
public sealed partial class WebSearchToolOptions : IValidatableObject
{
    /// <summary>Whether the model may search the web. Default: false; with the demo upstream true.</summary>
    [Default("`false`; with the demo upstream `true`")]
    public bool Enabled { get; set; }

    /// <summary>How much of what is found the model reads: <c>low</c>, <c>medium</c> or <c>high</c>. More is better and dearer. Default: the upstream's.</summary>
    [OneOf("low", "medium", "high")]
    public string? ContextSize { get; set; }

    /// <summary>The only domains that are searched, without scheme and path, like <c>example.com</c>; empty for all. Default: all.</summary>
    public IReadOnlyList<string> AllowedDomains { get; set; } = [];

    /// <summary>Two-letter country that results should suit, like <c>GB</c>. Default: none.</summary>
    [Matches("[A-Z]{2}", "two letters of a country, like GB")]
    public string? Country
    {
        get;
        set => field = value?.ToUpperInvariant();
    }

    /// <inheritdoc/>
    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        var setting = $"{SettingText.SectionOf(validationContext)}:{nameof(AllowedDomains)}";
        return AllowedDomains.Where(domain => !DomainPattern().IsMatch(domain)).Select(domain => new ValidationResult(
            $"{setting} has '{domain}'. Set domains without scheme and path, like example.com ({SettingText.Variable(setting)} in the environment)."));
    }

    [GeneratedRegex(@"\A[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?\z")]
    private static partial Regex DomainPattern();
}

/// <summary>Options of the API's <c>file_search</c> tool; on when there is a vector store.</summary>
public sealed class FileSearchToolOptions
{
    /// <summary>The vector stores that are searched; without one the tool is off. Default: none; with the demo upstream its own.</summary>
    public IReadOnlyList<string> VectorStoreIds { get; set; } = [];

    /// <summary>Most results of a search. Default: the upstream's.</summary>
    [Between(1, 50)]
    public int? MaxResults { get; set; }
}

/// <summary>Options of the API's <c>code_interpreter</c> tool.</summary>
public sealed class CodeInterpreterToolOptions
{
    /// <summary>Whether the model may run code in the upstream's sandbox. Default: false; with the demo upstream true.</summary>
    [Default("`false`; with the demo upstream `true`")]
    public bool Enabled { get; set; }

    /// <summary>Memory of the sandbox: <c>1g</c>, <c>4g</c>, <c>16g</c> or <c>64g</c>. Default: the upstream's.</summary>
    [OneOf("1g", "4g", "16g", "64g")]
    public string? Memory { get; set; }

    /// <summary>Largest file that people can download of those that the code has made. Default: 20 MiB.</summary>
    [AtLeast(1)]
    [Default("`20971520` (20 MiB)")]
    public long MaxDownloadBytes { get; set; } = 20 * 1024 * 1024;

    /// <summary>How long such a download may take. Default: 1 min.</summary>
    [Duration]
    public TimeSpan DownloadTimeout { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>Options of the API's <c>image_generation</c> tool.</summary>
public sealed class ImageGenerationToolOptions
{
    /// <summary>Whether the model may make images. Default: false; with the demo upstream true.</summary>
    [Default("`false`; with the demo upstream `true`")]
    public bool Enabled { get; set; }

    /// <summary>Size of the images: <c>auto</c> or pixels like <c>1024x1024</c>. Default: the upstream's.</summary>
    [Matches(@"auto|[1-9]\d{1,4}x[1-9]\d{1,4}", "auto or pixels like 1024x1024")]
    public string? Size { get; set; }

    /// <summary>Quality of the images: <c>auto</c>, <c>low</c>, <c>medium</c> or <c>high</c>. Default: the upstream's.</summary>
    [OneOf("auto", "low", "medium", "high")]
    public string? Quality { get; set; }

    /// <summary>Format of the images: <c>png</c>, <c>jpeg</c> or <c>webp</c>. Default: the upstream's.</summary>
    [OneOf("png", "jpeg", "webp")]
    public string? Format { get; set; }

    /// <summary>Images on the way to the final one. Each costs tokens. Default: 0; with the demo upstream 2.</summary>
    [Between(0, 3)]
    [Default("`0`; with the demo upstream `2`")]
    public int PartialImages { get; set; }
}

/// <summary>Who agrees to a call of an MCP tool.</summary>
public enum McpApproval
{
    /// <summary>A person agrees to every call.</summary>
    Always,

    /// <summary>The upstream calls at once.</summary>
    Never,
}

/// <summary>One MCP server.</summary>
public sealed class McpServerOptions : IValidatableObject
{
    // Shorter secrets could not be blotted out of what an upstream repeats without blotting out words.
    private const int LeastSecret = 8;
    private const string AllTools = "*";
    private const string AddressForm = "the server's address: https (or http on this machine), without a user name";

    /// <summary>The server's address, which the upstream calls: https, or http on this machine. Needed. Default: none.</summary>
    [Needed("the server's https address")]
    public Uri? Url { get; set; }

    /// <summary>The server's OAuth token. A secret: sent to the upstream with every request, blotted out of what it sends back, in no log. Default: none.</summary>
    [Matches("[ -~]{8,}", "8 or more printable ASCII characters", IsSecret = true)]
    public string? Authorization { get; set; }

    /// <summary>Headers that the upstream sends to the server. Their values are secrets, too. Default: none.</summary>
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What the server is for, for the model. Default: what the server says.</summary>
    public string? Description { get; set; }

    /// <summary>The only tools the model may use; empty for all. Default: all.</summary>
    public IReadOnlyList<string> AllowedTools { get; set; } = [];

    /// <summary>Whether a person approves each call (<c>Always</c>) or the upstream calls at once (<c>Never</c>). Default: <c>Always</c>.</summary>
    public McpApproval RequireApproval { get; set; } = McpApproval.Always;

    /// <summary>The tools for which the opposite of <see cref="RequireApproval"/> holds. Default: none.</summary>
    public IReadOnlyList<string> ApprovalExceptions { get; set; } = [];

    /// <summary>The tools whose calls somebody else than who asked must approve, or <c>*</c> for all that need approval (four eyes). Who asked may still deny, and nobody can give a standing permission. Default: none.</summary>
    public IReadOnlyList<string> FourEyes { get; set; } = [];

    /// <summary>Whether a person approves each call of a tool.</summary>
    internal bool NeedsApproval(string tool) => ApprovalExceptions.Contains(tool) != (RequireApproval is McpApproval.Always);

    /// <summary>Whether it must be somebody else than who asked.</summary>
    internal bool NeedsOther(string tool) => FourEyes.Contains(tool) || FourEyes.Contains(AllTools);

    /// <inheritdoc/>
    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        var section = SettingText.SectionOf(validationContext);
        if (Url is { } url && !IsUsable(url))
        {
            yield return new ValidationResult(SettingText.Unusable($"{section}:{nameof(Url)}", AddressForm));
        }

        foreach (var error in HeaderRules.ErrorsOf($"{section}:{nameof(Headers)}", Headers, LeastSecret))
        {
            yield return new ValidationResult(error);
        }

        if (RequireApproval is McpApproval.Never && ApprovalExceptions.Except(AllowedTools).Any())
        {
            // The API takes lists of names and asks for what neither list has.
            yield return new ValidationResult(
                $"{section}:{nameof(ApprovalExceptions)} names tools that AllowedTools does not. Set AllowedTools to all tools the model may use.");
        }

        if (FourEyes.Where(tool => tool != AllTools).FirstOrDefault(tool => !NeedsApproval(tool)) is { } unasked)
        {
            yield return new ValidationResult(
                $"{section}:{nameof(FourEyes)} names {unasked}, which the upstream calls without asking. Set {nameof(RequireApproval)} or {nameof(ApprovalExceptions)} so that its calls are approved.");
        }

        if (FourEyes.Contains(AllTools) && RequireApproval is McpApproval.Never && ApprovalExceptions.Count == 0)
        {
            yield return new ValidationResult(
                $"{section}:{nameof(FourEyes)} is {AllTools}, and the upstream calls every tool without asking. Set {nameof(RequireApproval)} or {nameof(ApprovalExceptions)} so that calls are approved.");
        }

        if (AllowedTools.Count > 0 && FourEyes.Where(tool => tool != AllTools).Except(AllowedTools).FirstOrDefault() is { } unknown)
        {
            yield return new ValidationResult($"{section}:{nameof(FourEyes)} names {unknown}, which {nameof(AllowedTools)} does not. Set both to the same names.");
        }
    }

    private static bool IsUsable(Uri url) =>
        HttpAddressAttribute.IsUsable(url) && (url.Scheme == Uri.UriSchemeHttps || url.IsLoopback);
}
