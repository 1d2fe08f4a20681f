using System.Text.Json;
using Copilot.Domain.Tools.Schemas;
using Copilot.Domain.Tools.Switches;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Tools.Invocation;

/// <summary>
/// Invokes one tool for one call of the model: with a separate service scope, a deadline and a cap on the output, and always with a typed
/// outcome and a sentence for the model. Whether the call may run now is the run's decision.
/// </summary>
public sealed partial class ToolInvoker(
    ToolRegistry registry,
    IServiceScopeFactory scopes,
    TimeProvider time,
    IOptions<ToolOptions> options,
    IToolSwitches switches,
    ILogger<ToolInvoker> logger)
{
    /// <summary>
    /// How long a call of this tool may take: the configured deadline, else the tool's own, else the default one,
    /// which also applies to an unknown name.
    /// </summary>
    public TimeSpan DeadlineOf(string name)
    {
        if (options.Value.Deadlines.TryGetValue(name, out var configured))
        {
            return configured;
        }

        return registry.TryGet(name, out var tool) && tool.Definition.Deadline is { } own ? own : options.Value.DefaultDeadline;
    }

    /// <summary>
    /// Invokes the tool and waits for its end, for its deadline (counted from this call) or for
    /// <paramref name="runToken"/>, whichever comes first. A tool that does not end by then is abandoned: its token is
    /// cancelled, the result says so at once, and its late end is logged.
    /// </summary>
    /// <param name="call">What the model asked for.</param>
    /// <param name="runToken">Cancelled when the run is stopped; the outcome is then <see cref="ToolOutcome.Cancelled"/>.</param>
    /// <returns>The outcome. Errors of a tool never make this throw.</returns>
    public async Task<ToolResult> InvokeAsync(ToolCall call, CancellationToken runToken)
    {
        var started = time.GetTimestamp();
        var result = await RunAsync(call, runToken).ConfigureAwait(false);
        result = result with
        {
            Output = ToolOutput.Capped(result.Output, options.Value.MaxOutputChars),
            Duration = time.GetElapsedTime(started),
        };
        LogEnded(call.Name, call.RunId, call.CallId, result.Outcome, result.Duration.TotalMilliseconds);
        return result;
    }

    private async Task<ToolResult> RunAsync(ToolCall call, CancellationToken runToken)
    {
        if (!registry.TryGet(call.Name, out var tool))
        {
            return new ToolResult(ToolOutcome.UnknownTool, ToolSentences.Unknown(call.Name, registry.Definitions), Detail: null);
        }

        // The last moment: what is switched off now does not start, whoever has approved it before.
        if (switches.IsOff(call.Name))
        {
            return new ToolResult(ToolOutcome.Denied, ToolSentences.SwitchedOff(call.Name), Detail: null);
        }

        if (!TryRead(tool.Definition, call.Arguments, out var arguments, out var error))
        {
            return new ToolResult(
                ToolOutcome.Failed, error!.Argument is null ? ToolSentences.NotAnObject(call.Name) : error.Message, error.Message);
        }

        if (runToken.IsCancellationRequested)
        {
            return new ToolResult(ToolOutcome.Cancelled, ToolSentences.NotStarted(call.Name), Detail: null);
        }

        var attempt = new ToolAttempt(tool, call, arguments, scopes, logger);
        return await attempt.RunAsync(DeadlineOf(call.Name), time, runToken).ConfigureAwait(false);
    }

    private static bool TryRead(ToolDefinition definition, string text, out JsonElement arguments, out ToolArgumentError? error)
    {
        if (definition.FreeText is null)
        {
            return ToolJson.TryRead(text, out arguments, out error);
        }

        error = null;
        arguments = JsonSerializer.SerializeToElement(text);
        return true;
    }

    [LoggerMessage(LogLevel.Information, "Tool {Tool} of run {RunId}, call {CallId}, ended {Outcome} after {ElapsedMs} ms")]
    private partial void LogEnded(string tool, string runId, string callId, ToolOutcome outcome, double elapsedMs);
}
