using System.Text;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Tests.Shared.Runs;

/// <summary>Makes numbered, chained events of one run, the way its recorder does.</summary>
internal sealed class RunEvents(string runId)
{
    public static readonly DateTimeOffset Start = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    private readonly List<RunEvent> _all = [];
    private readonly SaltKey _saltKey = SaltKey.Create();

    /// <summary>When the first event happened; each further one a millisecond later.</summary>
    public DateTimeOffset At { get; init; } = Start;

    public IReadOnlyList<RunEvent> All => _all;

    public RunSummary Summary => _all.Aggregate((RunSummary?)null, RunSummaryFold.Apply)!;

    public RunEvent Own(string type, string data) => Add(type, data, EventSource.Agent, callId: null);

    public RunEvent Tool(string type, string callId, string data) => Add(type, data, EventSource.Agent, callId);

    public RunEvent Upstream(string json) =>
        Add(ResponseEventParser.Parse(Encoding.UTF8.GetBytes(json)).Type, json, EventSource.Upstream, callId: null);

    public RunEvents Created(string sessionId, string userId)
    {
        Own(RunEventTypes.RunCreated, $$$"""
            {"session_id":"{{{sessionId}}}","user_id":"{{{userId}}}","team_id":"team_default","parent_run_id":null,"parent_seq":null,
             "agent":{"id":"agt_default","version":1,"name":"Copilot","model":"m","instructions":"","limits":{"tool_rounds":25,"failed_rounds":3,"duration_ms":60000}},"metadata":{}}
            """);
        return this;
    }

    private RunEvent Add(string type, string data, EventSource source, string? callId)
    {
        var sealedEvent = RunEventChain.Seal(
            runId,
            _all.Count + 1,
            _all.Count == 0 ? RunEventChain.Start : _all[^1].Hash,
            new RunEventDraft
            {
                At = At.AddMilliseconds(_all.Count),
                Source = source,
                Type = type,
                Data = Encoding.UTF8.GetBytes(data),
                CallId = callId,
            },
            _saltKey,
            isNewKey: _all.Count == 0);
        _all.Add(sealedEvent);
        return sealedEvent;
    }
}
