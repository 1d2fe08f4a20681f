using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Tools.Invocation;

/// <summary>
/// One invocation, used once. It races the tool against its deadline and the run's token. An abandoned tool's scope is disposed and its
/// end logged when it really ends.
/// </summary>
internal sealed partial class ToolAttempt(ITool tool, ToolCall call, JsonElement arguments, IServiceScopeFactory scopes, ILogger logger)
{
    private const int Running = 0;
    private const int Finished = 1;
    private const int Abandoned = 2;

    private readonly TaskCompletionSource<ToolOutcome> _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state = Running;

    public async Task<ToolResult> RunAsync(TimeSpan deadline, TimeProvider time, CancellationToken runToken)
    {
        var timer = time.CreateTimer(_ => _stop.TrySetResult(ToolOutcome.TimedOut), null, deadline, Timeout.InfiniteTimeSpan);
        await using (timer.ConfigureAwait(false))
        {
            // The callback only sets the outcome: the tool's callbacks must not run on the thread that stops the run.
            using var stopping = runToken.UnsafeRegister(_ => _stop.TrySetResult(ToolOutcome.Cancelled), null);
            var work = ExecuteAsync(deadline);
            await Task.WhenAny(work, _stop.Task).ConfigureAwait(false);
            if (Interlocked.CompareExchange(ref _state, Abandoned, Running) != Running)
            {
                return await work.ConfigureAwait(false);
            }

            LogAbandoned(call.Name, call.RunId, call.CallId);
            return Stopped(deadline, detail: null) with { StillRunning = work };
        }
    }

    /// <summary>Runs the tool to its real end. Never throws, so an abandoned one leaves nothing unobserved.</summary>
    private async Task<ToolResult> ExecuteAsync(TimeSpan deadline)
    {
        ToolResult result;
        try
        {
            var scope = scopes.CreateAsyncScope();
            await using (scope.ConfigureAwait(false))
            {
                result = await InvokeAsync(scope.ServiceProvider, deadline).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // The scope could not be created or disposed.
            result = Failed(exception, deadline);
        }

        if (Interlocked.CompareExchange(ref _state, Finished, Running) == Abandoned)
        {
            LogLate(call.Name, call.RunId, call.CallId, result.Outcome, result.Detail);
        }

        return result;
    }

    private async Task<ToolResult> InvokeAsync(IServiceProvider services, TimeSpan deadline)
    {
        var context = new ToolContext { RunId = call.RunId, CallId = call.CallId, UserId = call.UserId, Services = services };
        using var cancellation = new CancellationTokenSource();
        try
        {
            // On a pool thread, so that a tool that blocks can be abandoned too.
            var running = Task.Run(() => tool.InvokeAsync(context, arguments, cancellation.Token), CancellationToken.None);
            if (await Task.WhenAny(running, _stop.Task).ConfigureAwait(false) != running)
            {
                await CancelAsync(cancellation).ConfigureAwait(false);
            }

            return await running.ConfigureAwait(false) is { Output: not null } result
                ? result
                : Failed(new InvalidOperationException($"{call.Name} returned null instead of a result or its output."), deadline);
        }
        catch (ToolException exception)
        {
            return new ToolResult(ToolOutcome.Failed, exception.Message, Detail: null);
        }
        catch (Exception exception)
        {
            return Failed(exception, deadline);
        }
    }

    private async Task CancelAsync(CancellationTokenSource cancellation)
    {
        try
        {
            await cancellation.CancelAsync().ConfigureAwait(false);
        }
        catch (AggregateException exception)
        {
            LogCancelFailed(exception, call.Name, call.RunId, call.CallId);
        }
    }

    private ToolResult Failed(Exception exception, TimeSpan deadline)
    {
        // A failure after the stop was caused by it.
        if (_stop.Task.IsCompleted)
        {
            return Stopped(deadline, exception is OperationCanceledException ? null : exception.ToString());
        }

        LogBroken(exception, call.Name, call.RunId, call.CallId);
        return new ToolResult(ToolOutcome.Failed, ToolSentences.Broken(tool.Definition.Name, tool.Definition.ReadOnly), exception.ToString());
    }

    private ToolResult Stopped(TimeSpan deadline, string? detail)
    {
        var outcome = _stop.Task.Result;
        return new ToolResult(outcome, ToolSentences.Stopped(tool.Definition, outcome, deadline), detail);
    }

    [LoggerMessage(LogLevel.Error, "Tool {Tool} of run {RunId}, call {CallId}, failed")]
    private partial void LogBroken(Exception exception, string tool, string runId, string callId);

    [LoggerMessage(LogLevel.Debug, "Tool {Tool} of run {RunId}, call {CallId}, did not end in time and is abandoned")]
    private partial void LogAbandoned(string tool, string runId, string callId);

    [LoggerMessage(LogLevel.Warning, "Abandoned tool {Tool} of run {RunId}, call {CallId}, ended late, {Outcome}: {Detail}")]
    private partial void LogLate(string tool, string runId, string callId, ToolOutcome outcome, string? detail);

    [LoggerMessage(LogLevel.Error, "A cancellation callback of tool {Tool} of run {RunId}, call {CallId}, threw")]
    private partial void LogCancelFailed(Exception exception, string tool, string runId, string callId);
}
