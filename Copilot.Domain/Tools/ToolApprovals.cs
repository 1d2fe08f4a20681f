using Copilot.Domain.Tools.Schemas;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Tools;

/// <summary>Which tools need a person's approval, how long to wait for it, and whether arguments are valid.</summary>
public sealed class ToolApprovals(ToolRegistry registry, IOptions<ToolOptions> options)
{
    internal const string Rule = "a time for approval is more than zero and at most 30 days";

    private const int MaxArgumentsLength = 100_000;

    /// <summary>How long a call of an external tool (MCP) waits for a person.</summary>
    public TimeSpan DefaultTimeout => options.Value.ApprovalTimeout;

    /// <summary>True when a call of this tool waits for a person: its definition says so, or the configuration.</summary>
    public bool IsRequired(string name) => NeedsOther(name)
        || (registry.TryGet(name, out var tool) && (tool.Definition.RequiresApproval || options.Value.RequireApproval.Contains(name)));

    /// <summary>True when somebody else than who asked must approve a call of this tool: its definition says so, or the configuration.</summary>
    public bool NeedsOther(string name) =>
        registry.TryGet(name, out var tool) && (tool.Definition.RequiresOtherApprover || options.Value.FourEyes.Contains(name));

    /// <summary>True when a person may allow further calls of this tool before they are made. Never where a second person must approve.</summary>
    public bool MayBeRemembered(string name) => !NeedsOther(name)
        && registry.TryGet(name, out var tool) && !tool.Definition.AsksEachTime && !options.Value.AskEachTime.Contains(name);

    /// <summary>How long a call of this tool waits: as configured, else the tool's own time, else the default one.</summary>
    public TimeSpan TimeoutOf(string name)
    {
        if (options.Value.ApprovalTimeouts.TryGetValue(name, out var configured))
        {
            return configured;
        }

        return registry.TryGet(name, out var tool) && tool.Definition.ApprovalTimeout is { } own ? own : DefaultTimeout;
    }

    /// <summary>Errors in a call's arguments, one sentence each; empty when the tool can be invoked with them.</summary>
    /// <param name="name">The tool.</param>
    /// <param name="arguments">JSON, as the model or a person wrote it; an empty text means no arguments.</param>
    public IReadOnlyList<ToolArgumentError> ErrorsOf(string name, string arguments)
    {
        if (!registry.TryGet(name, out var tool))
        {
            return [new ToolArgumentError(null, ToolSentences.Unknown(name, registry.Definitions))];
        }

        if (arguments.Length > MaxArgumentsLength)
        {
            return [new ToolArgumentError(null, $"The arguments have {arguments.Length} characters; {MaxArgumentsLength} is the limit.")];
        }

        if (tool.Definition.FreeText is not null)
        {
            return [];
        }

        return ToolJson.TryRead(arguments, out var read, out var error) ? tool.ErrorsOf(read) : [error!];
    }

    /// <summary>What is wrong with arguments before any schema is asked: no object, or a name given twice; null when they can be read.</summary>
    public static ToolArgumentError? ErrorIn(string arguments) => ToolJson.TryRead(arguments, out _, out var error) ? null : error;

    /// <summary>What a call would do, from the tool itself; null when there is no such tool, its arguments cannot be used, or it does not say.</summary>
    /// <param name="name">The tool.</param>
    /// <param name="arguments">JSON, as the model or a person wrote it.</param>
    /// <param name="cancellationToken">Stops the asking.</param>
    public async Task<ToolIntent?> DescribeAsync(string name, string arguments, CancellationToken cancellationToken) =>
        registry.TryGet(name, out var tool) && tool.Definition.FreeText is null && arguments.Length <= MaxArgumentsLength
            && ToolJson.TryRead(arguments, out var read, out _) && tool.ErrorsOf(read).Count == 0
            ? await tool.DescribeAsync(read, cancellationToken).ConfigureAwait(false)
            : null;

    internal static bool IsUsable(TimeSpan timeout) => timeout > TimeSpan.Zero && timeout <= TimeSpan.FromDays(30);
}
