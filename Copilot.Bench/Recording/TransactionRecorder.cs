using System.Diagnostics;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Bench.Recording;

/// <summary>The product's store, which also records each transaction and its duration, so that others can commit the same.</summary>
internal sealed class TransactionRecorder(IRunEventStore store) : IRunEventStore
{
    private readonly List<(IReadOnlyList<RunAppend> Appends, TimeSpan Elapsed)> _transactions = [];

    /// <summary>The commits since the last call. Call it while nothing writes.</summary>
    public IReadOnlyList<(IReadOnlyList<RunAppend> Appends, TimeSpan Elapsed)> TakeRecorded()
    {
        lock (_transactions)
        {
            var taken = _transactions.ToArray();
            _transactions.Clear();
            return taken;
        }
    }

    public async Task AppendAsync(IReadOnlyList<RunAppend> appends, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await store.AppendAsync(appends, cancellationToken);
        lock (_transactions)
        {
            _transactions.Add((appends, Stopwatch.GetElapsedTime(started)));
        }
    }

    public Task<IReadOnlyList<RunEvent>> ReadAsync(string runId, long after, int limit, CancellationToken cancellationToken) =>
        store.ReadAsync(runId, after, limit, cancellationToken);

    public Task<IReadOnlyList<RunEvent>> ReadWithoutPiecesAsync(string runId, long after, int limit, CancellationToken cancellationToken) =>
        store.ReadWithoutPiecesAsync(runId, after, limit, cancellationToken);

    public Task<IReadOnlyList<RunHead>> ReadSessionHeadsAsync(string sessionId, CancellationToken cancellationToken) =>
        store.ReadSessionHeadsAsync(sessionId, cancellationToken);

    public Stream OpenText(EventText text) => store.OpenText(text);

    public Task<byte[]?> FindHashAsync(string runId, long seq, CancellationToken cancellationToken) => store.FindHashAsync(runId, seq, cancellationToken);

    public Task<RunEvent?> ReadHeadAsync(string runId, CancellationToken cancellationToken) => store.ReadHeadAsync(runId, cancellationToken);

    public Task<RunSummary?> FindAsync(string runId, CancellationToken cancellationToken) => store.FindAsync(runId, cancellationToken);

    public Task<IReadOnlyList<RunSummary>> ReadInterruptedAsync(CancellationToken cancellationToken) => store.ReadInterruptedAsync(cancellationToken);

    public Task<IReadOnlyList<RunSummary>> ReadUnfinishedAsync(CancellationToken cancellationToken) => store.ReadUnfinishedAsync(cancellationToken);

    public Task<IReadOnlyList<RunSummary>> ReadSessionAsync(string sessionId, CancellationToken cancellationToken) =>
        store.ReadSessionAsync(sessionId, cancellationToken);
}
