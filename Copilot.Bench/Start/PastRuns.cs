using System.Globalization;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Bench.Start;

/// <summary>Conversations of the past: each has one run that has ended, and every ten-thousandth one that was interrupted.</summary>
internal static class PastRuns
{
    private const int PerTransaction = 500;
    private const int Interrupted = 10_000;
    private static readonly DateTimeOffset s_start = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    /// <summary>Writes them as runs write, many in a transaction.</summary>
    public static async Task WriteAsync(IRunEventStore store, int count, CancellationToken cancellationToken)
    {
        foreach (var some in Enumerable.Range(0, count).Chunk(PerTransaction))
        {
            await store.AppendAsync([.. some.Select(Run)], cancellationToken);
        }
    }

    private static RunAppend Run(int number)
    {
        var name = number.ToString("x32", CultureInfo.InvariantCulture);
        var draft = new Draft($"run_{name}", s_start.AddSeconds(number));
        draft.Add(EventSource.User, new RunCreation
        {
            SessionId = $"ses_{name}",
            Owner = new RunOwner("usr_bench", "team_default"),
            Agent = new AgentSnapshot { Id = "agt_default", Version = 1, Name = "Copilot", Instructions = "Be brief.", Model = "demo-1" },
            Metadata = new Dictionary<string, string>(),
        }.ToEvent());
        draft.Add(EventSource.User, new UserMessage($"How many pump seals do we have in place {number}?", null, null));
        draft.Add(EventSource.Agent, new RunStarted());
        draft.Add(EventSource.Agent, number % Interrupted == Interrupted - 1 ? new RunInterrupted("The server stopped.", null) : new RunCompleted(TimeSpan.FromSeconds(2), null, null, null));
        return new RunAppend(draft.Summary!, draft.Events);
    }

    private sealed class Draft(string runId, DateTimeOffset at)
    {
        private readonly List<RunEvent> _events = [];

        public RunSummary? Summary { get; private set; }

        public IReadOnlyList<RunEvent> Events => _events;

        public void Add(EventSource source, RunEventPayload payload)
        {
            var added = RunEventChain.Seal(
                runId,
                _events.Count + 1,
                _events.Count == 0 ? RunEventChain.Start : _events[^1].Hash,
                new RunEventDraft { At = at.AddMilliseconds(_events.Count), Source = source, Type = RunEventRecords.TypeOf(payload), Data = RunEventRecords.Write(payload) });
            _events.Add(added);
            Summary = RunSummaryFold.Apply(Summary, added);
        }
    }
}
