using Copilot.Domain.Tools;

namespace Copilot.Web.Runs;

/// <summary>Says what a call that waits for a person would do. Nothing here decides: a tool that cannot say leaves the arguments to speak.</summary>
internal sealed partial class DescribeCall(ToolApprovals approvals, ToolRegistry registry, ILogger<DescribeCall> logger)
{
    /// <summary>Asks the tool about a call of ours.</summary>
    /// <param name="name">The tool.</param>
    /// <param name="arguments">JSON, as the model wrote it or as a person has changed it.</param>
    /// <param name="cancellationToken">Stops the asking.</param>
    public async Task<CallDescription> DescribeAsync(string name, string arguments, CancellationToken cancellationToken)
    {
        var unchanged = registry.TryGet(name, out var tool) ? tool.Definition.FixedArguments : [];
        if (ToolApprovals.ErrorIn(arguments) is { } error && tool?.Definition.FreeText is null)
        {
            return new CallDescription(null, error.Message, unchanged);
        }

        try
        {
            var intent = await approvals.DescribeAsync(name, arguments, cancellationToken);
            return new CallDescription(intent?.Sentence, intent?.Problem, unchanged) { CanBeRemembered = approvals.MayBeRemembered(name) };
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogNotDescribed(exception, name);
            return new CallDescription(null, null, unchanged);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Tool {Tool} could not say what a call would do")]
    private partial void LogNotDescribed(Exception exception, string tool);
}
