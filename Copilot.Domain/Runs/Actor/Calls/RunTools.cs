using System.Collections.Concurrent;
using Copilot.Domain.Runs.HostedTools;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Tools.Switches;
using Copilot.Domain.Tools;
using Copilot.Domain.Tools.Invocation;

namespace Copilot.Domain.Runs.Actor.Calls;

/// <summary>
/// The tool calls of one round: those whose tools allow it run side by side, the others one after another in the model's order.
/// </summary>
internal sealed class RunTools(
    ToolRegistry registry, ToolInvoker invoker, ToolApprovals approvals, IToolSwitches switches, HostedToolCatalog hosted, TimeProvider time)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<string, Task> _running = [];
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _cancelling = [];
    private readonly Queue<PendingCall> _waiting = new();
    private bool _exclusiveRuns;
    private Task? _abandoned;
    private bool _graceIsOver;
    private Task _freeing = Task.CompletedTask;

    /// <summary>Which calls wait for a person.</summary>
    public ToolApprovals Approvals => approvals;

    /// <summary>Which tools are switched off now.</summary>
    public IToolSwitches Switches => switches;

    /// <summary>The tools that the upstream runs itself.</summary>
    public HostedToolCatalog Hosted => hosted;

    /// <summary>True while a call of this round has not ended.</summary>
    public bool IsBusy => _running.Count > 0 || _waiting.Count > 0;

    /// <summary>Calls of this round that were not started.</summary>
    public IReadOnlyCollection<PendingCall> Waiting => _waiting;

    /// <summary>How many calls are under way.</summary>
    public int Running => _running.Count;

    /// <summary>The tool's definition, or null for a name that none has.</summary>
    public ToolDefinition? DefinitionOf(string name) => registry.TryGet(name, out var tool) ? tool.Definition : null;

    /// <summary>How long a call of this tool may take.</summary>
    public TimeSpan DeadlineOf(string name) => invoker.DeadlineOf(name);

    /// <summary>Puts a call into the round.</summary>
    public void Add(PendingCall call) => _waiting.Enqueue(call);

    /// <summary>
    /// Takes the calls that may start now. Each must be recorded as started before <see cref="Start"/>. One that must be alone waits for
    /// its predecessor's real end, also where that was abandoned.
    /// </summary>
    public IReadOnlyList<PendingCall> TakeReady()
    {
        var ready = new List<PendingCall>();
        for (var count = _waiting.Count; count > 0; count--)
        {
            var call = _waiting.Dequeue();
            var exclusive = DefinitionOf(call.Name) is { Parallel: false };
            if (exclusive && (_exclusiveRuns || _abandoned is { IsCompleted: false }))
            {
                _waiting.Enqueue(call);
                continue;
            }

            _exclusiveRuns |= exclusive;
            ready.Add(call);
        }

        return ready;
    }

    /// <summary>Invokes the tool. Ends with <see cref="RunMessage.ToolEnded"/>.</summary>
    public void Start(PendingCall call, string runId, string userId, Action<RunMessage> post)
    {
        var cancelling = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        _cancelling[call.CallId] = cancelling;
        _running[call.CallId] = InvokeAsync(call, runId, userId, cancelling, post);
    }

    /// <summary>Cancels one call: one that has not started is taken out of the round, one under way still ends with its message.</summary>
    /// <returns>The call that has not started; null for one under way, or that is not in the round.</returns>
    public async Task<PendingCall?> CancelAsync(string callId)
    {
        if (_cancelling.TryGetValue(callId, out var cancelling))
        {
            try
            {
                await cancelling.CancelAsync().ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                // It has just ended; its message is on its way.
            }

            return null;
        }

        PendingCall? taken = null;
        for (var count = _waiting.Count; count > 0; count--)
        {
            var call = _waiting.Dequeue();
            if (taken is null && call.CallId == callId)
            {
                taken = call;
            }
            else
            {
                _waiting.Enqueue(call);
            }
        }

        return taken;
    }

    /// <summary>Takes the calls that must be alone and whose abandoned predecessor does not end: they are not carried out.</summary>
    public IReadOnlyList<PendingCall> TakeHopeless()
    {
        if (!_graceIsOver || _abandoned is not { IsCompleted: false })
        {
            return [];
        }

        var all = _waiting.ToArray();
        _waiting.Clear();
        foreach (var call in all.Where(call => DefinitionOf(call.Name) is not { Parallel: false }))
        {
            _waiting.Enqueue(call);
        }

        return [.. all.Where(call => DefinitionOf(call.Name) is { Parallel: false })];
    }

    /// <summary>Takes note that a call has ended, or was abandoned; then <see cref="RunMessage.ToolFreed"/> follows.</summary>
    public void Ended(PendingCall call, ToolResult result, Action<RunMessage> post)
    {
        _running.Remove(call.CallId);
        if (DefinitionOf(call.Name) is not { Parallel: false })
        {
            return;
        }

        _exclusiveRuns = false;
        if (result.StillRunning is { IsCompleted: false } abandoned)
        {
            _abandoned = abandoned;
            _graceIsOver = false;
            _freeing = FreeAsync(abandoned, invoker.DeadlineOf(call.Name), post);
        }
    }

    /// <summary>The abandoned call has ended, or does not within the time of one more call.</summary>
    public void Freed() => _graceIsOver = true;

    /// <summary>Cancels the calls under way; each still ends with its message. Those that wait are forgotten.</summary>
    public async Task<IReadOnlyList<PendingCall>> StopAsync()
    {
        var waiting = _waiting.ToArray();
        _waiting.Clear();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll([.. _running.Values, _freeing]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return waiting;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task InvokeAsync(
        PendingCall call, string runId, string userId, CancellationTokenSource cancelling, Action<RunMessage> post)
    {
        ToolResult result;
        try
        {
            result = await invoker
                .InvokeAsync(new ToolCall(runId, call.CallId, call.Name, call.Arguments, userId), cancelling.Token)
                .ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The run waits for this message, whatever happens here.
            result = new ToolResult(ToolOutcome.Failed, ToolSentences.Broken(call.Name, isReadOnly: false), exception.ToString());
        }

        _cancelling.TryRemove(call.CallId, out _);
        cancelling.Dispose();
        post(new RunMessage.ToolEnded(call, result));
    }

    private async Task FreeAsync(Task abandoned, TimeSpan grace, Action<RunMessage> post)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        await Task.WhenAny(abandoned, Task.Delay(grace, time, ended.Token)).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        post(new RunMessage.ToolFreed());
    }
}
