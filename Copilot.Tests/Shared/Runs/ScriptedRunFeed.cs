using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared.Clock;

namespace Copilot.Tests.Shared.Runs;

/// <summary>A feed whose batches the test hands out one by one, and which says when its reader asks for the next.</summary>
internal sealed class ScriptedRunFeed : IRunFeed
{
    private readonly Channel<Func<IReadOnlyList<RunEvent>?>> _steps = Channel.CreateUnbounded<Func<IReadOnlyList<RunEvent>?>>();
    private readonly Channel<long> _asked = Channel.CreateUnbounded<long>();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Cursors the reader began with, in order.</summary>
    public List<long> Begun { get; } = [];

    /// <summary>Completes once a reader has left.</summary>
    public Task Left => _left.Task;

    public void Give(params RunEvent[] batch) => _steps.Writer.TryWrite(() => batch);

    public void End() => _steps.Writer.TryWrite(() => null);

    public void Break() => _steps.Writer.TryWrite(() => throw new IOException("The disk does not answer."));

    /// <summary>Completes when the reader asks once more: everything before it is folded.</summary>
    public async Task AskedAsync() => await _asked.Reader.ReadAsync().AsTask().WaitAsync(Waiting.Limit);

    public Task<bool> TryReadEndedAsync(string runId, Action<IReadOnlyList<RunEvent>> take, CancellationToken cancellationToken) =>
        Task.FromResult(false);

    public async IAsyncEnumerable<IReadOnlyList<RunEvent>> FollowAsync(
        string runId, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Begun.Add(after);
        try
        {
            while (true)
            {
                _asked.Writer.TryWrite(after);
                var step = await _steps.Reader.ReadAsync(cancellationToken);
                if (step() is not { } batch)
                {
                    yield break;
                }

                yield return batch;
            }
        }
        finally
        {
            _left.TrySetResult();
        }
    }
}
