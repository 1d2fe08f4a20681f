using System.Collections.Concurrent;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Tests.Shared.Runs;

/// <summary>A real store whose commits and looks at runs the test may hold up or fail, and that remembers what was committed together.</summary>
internal sealed class ScriptedStore(IRunEventStore store) : IRunEventStore
{
    /// <summary>What was committed, transaction by transaction.</summary>
    public ConcurrentQueue<IReadOnlyList<RunAppend>> Commits { get; } = [];

    /// <summary>Runs before each commit; what it throws, the commit throws.</summary>
    public Func<IReadOnlyList<RunAppend>, CancellationToken, Task> BeforeCommit { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Runs before each page of a run's events is read.</summary>
    public Func<string, Task> BeforeRead { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs before a run is looked up; what it throws, the look throws.</summary>
    public Func<string, Task> BeforeFind { get; set; } = _ => Task.CompletedTask;

    public async Task AppendAsync(IReadOnlyList<RunAppend> appends, CancellationToken cancellationToken)
    {
        await BeforeCommit(appends, cancellationToken);
        await store.AppendAsync(appends, cancellationToken);
        Commits.Enqueue(appends);
    }

    public async Task<IReadOnlyList<RunEvent>> ReadAsync(string runId, long after, int limit, CancellationToken cancellationToken)
    {
        await BeforeRead(runId);
        return await store.ReadAsync(runId, after, limit, cancellationToken);
    }

    public Stream OpenText(EventText text) => store.OpenText(text);

    public Task<byte[]?> FindHashAsync(string runId, long seq, CancellationToken cancellationToken) => store.FindHashAsync(runId, seq, cancellationToken);

    public Task<RunEvent?> ReadHeadAsync(string runId, CancellationToken cancellationToken) => store.ReadHeadAsync(runId, cancellationToken);

    public async Task<RunSummary?> FindAsync(string runId, CancellationToken cancellationToken)
    {
        await BeforeFind(runId);
        return await store.FindAsync(runId, cancellationToken);
    }

    public Task<IReadOnlyList<RunSummary>> ReadUnfinishedAsync(CancellationToken cancellationToken) => store.ReadUnfinishedAsync(cancellationToken);

    public Task<IReadOnlyList<RunSummary>> ReadInterruptedAsync(CancellationToken cancellationToken) => store.ReadInterruptedAsync(cancellationToken);

    public Task<IReadOnlyList<RunSummary>> ReadSessionAsync(string sessionId, CancellationToken cancellationToken) =>
        store.ReadSessionAsync(sessionId, cancellationToken);
}
