using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs.Forks;

/// <summary>What a fork begins with (<see cref="ForkableRun.Fork"/>).</summary>
/// <param name="Event">What its log says of it.</param>
/// <param name="HistoryRunId">The run that its conversation is read from; null where nothing came before.</param>
/// <param name="HistorySeq">That run's seq up to which it is read; null for all of it.</param>
public sealed record RunFork(RunForked Event, string? HistoryRunId, long? HistorySeq);
