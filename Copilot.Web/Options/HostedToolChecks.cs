using System.Text.RegularExpressions;
using Copilot.Domain.Runs.HostedTools;

namespace Copilot.Web.Options;

/// <summary>What can be wrong with <see cref="HostedToolsOptions"/>, one sentence each. No sentence repeats a secret.</summary>
internal static partial class HostedToolChecks
{
    private const int LeastSecret = 8;
    private const int MaxHits = 50;
    private const int MaxPartialImages = 3;

    public static IEnumerable<string> Of(HostedToolsOptions options)
    {
        List<string?> problems =
        [
            OneOf("HostedTools:WebSearch:ContextSize", options.WebSearch.ContextSize, "low", "medium", "high"),
            options.WebSearch.Country is { } country && !CountryPattern().IsMatch(country)
                ? "HostedTools:WebSearch:Country must be two letters. Set it to a country like GB."
                : null,
            options.FileSearch.MaxResults is { } most && most is < 1 or > MaxHits
                ? $"HostedTools:FileSearch:MaxResults must be 1 to {MaxHits}. Set it, or leave it out."
                : null,
            OneOf("HostedTools:CodeInterpreter:Memory", options.CodeInterpreter.Memory, "1g", "4g", "16g", "64g"),
            options.ImageGeneration.Size is { } size && !SizePattern().IsMatch(size)
                ? "HostedTools:ImageGeneration:Size must be auto or pixels. Set it to a size like 1024x1024."
                : null,
            OneOf("HostedTools:ImageGeneration:Quality", options.ImageGeneration.Quality, "auto", "low", "medium", "high"),
            OneOf("HostedTools:ImageGeneration:Format", options.ImageGeneration.Format, "png", "jpeg", "webp"),
            options.ImageGeneration.PartialImages is < 0 or > MaxPartialImages
                ? $"HostedTools:ImageGeneration:PartialImages must be 0 to {MaxPartialImages}. Set it, or leave it out."
                : null,
        ];
        foreach (var domain in options.WebSearch.AllowedDomains.Where(domain => !DomainPattern().IsMatch(domain)))
        {
            problems.Add($"HostedTools:WebSearch:AllowedDomains has '{domain}'. Set domains without scheme and path, like example.com.");
        }

        return [.. problems.OfType<string>(), .. options.Mcp.SelectMany(server => Of(server.Key, server.Value))];
    }

    private static IEnumerable<string> Of(string label, McpServerOptions server)
    {
        var at = $"HostedTools:Mcp:{label}";
        if (!LabelPattern().IsMatch(label))
        {
            yield return $"{at}: a label has 1 to 64 letters, digits, '_' or '-', with a letter first. Set another.";
        }

        if (server.Url is { } url
            && (!(url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)) || url.UserInfo.Length > 0))
        {
            yield return $"{at}:Url must be https (or http on this machine), without a user name. Set it to the server's address.";
        }

        if (server.Authorization is { } authorization && !IsUsableSecret(authorization))
        {
            yield return $"{at}:Authorization must have {LeastSecret} or more printable ASCII characters. Set it to the server's token.";
        }

        foreach (var (name, value) in server.Headers)
        {
            if (!HeaderPattern().IsMatch(name))
            {
                yield return $"{at}:Headers has a name that is no header's. Set names of letters, digits and '-'.";
            }
            else if (!IsUsableSecret(value))
            {
                yield return $"{at}:Headers:{name} must have {LeastSecret} or more printable ASCII characters. Set it to the header's value.";
            }
        }

        if (server.RequireApproval is McpApproval.Never && server.ApprovalExceptions.Except(server.AllowedTools).Any())
        {
            // The API takes lists of names and asks for what neither list has.
            yield return $"{at}:ApprovalExceptions names tools that AllowedTools does not. Set AllowedTools to all tools the model may use.";
        }
    }

    // Shorter ones could not be blotted out of what an upstream repeats without blotting out words.
    private static bool IsUsableSecret(string value) =>
        value.Length >= LeastSecret && value.All(character => character is >= ' ' and <= '~');

    private static string? OneOf(string setting, string? value, params string[] allowed) =>
        value is null || allowed.Contains(value, StringComparer.Ordinal)
            ? null
            : $"{setting} is '{value}'. Set it to one of {string.Join(", ", allowed)}, or leave it out.";

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_-]{0,63}\z")]
    private static partial Regex LabelPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9-]{1,100}\z")]
    private static partial Regex HeaderPattern();

    [GeneratedRegex(@"\A[A-Z]{2}\z")]
    private static partial Regex CountryPattern();

    [GeneratedRegex(@"\A(?:auto|[1-9]\d{1,4}x[1-9]\d{1,4})\z")]
    private static partial Regex SizePattern();

    [GeneratedRegex(@"\A[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?\z")]
    private static partial Regex DomainPattern();
}
