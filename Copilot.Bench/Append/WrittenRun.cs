using System.Text;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Bench.Append;

/// <summary>A run whose events are numbered, chained and folded beforehand, one append each, as its actor would write them.</summary>
internal sealed class WrittenRun
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    private readonly string _runId;
    private readonly SaltKey _saltKey = SaltKey.Create();
    private readonly Random _pauses = new(1);
    private DateTimeOffset _at = s_start;
    private ReadOnlyMemory<byte> _hash = RunEventChain.Start;
    private RunSummary? _summary;

    /// <param name="name">Base of the ids; unique in the database.</param>
    /// <param name="frames">Recorded events of the upstream, used in turn.</param>
    /// <param name="count">How many appends to make.</param>
    public WrittenRun(string name, IReadOnlyList<ResponseEvent> frames, int count)
    {
        _runId = "run_" + name;
        Created = Next(RunEventTypes.RunCreated, EventSource.User, Encoding.UTF8.GetBytes(
            $$$"""{"session_id":"ses_{{{name}}}","user_id":"usr_bench","team_id":"team_default","agent":{"name":"Copilot","model":"demo-1"},"metadata":{}}"""), null);
        Appends = [.. Enumerable.Range(0, count).Select(i => Next(frames[i % frames.Count]))];
    }

    /// <summary>Its first event, committed before the measurement.</summary>
    public RunAppend Created { get; }

    /// <summary>The measured appends.</summary>
    public IReadOnlyList<RunAppend> Appends { get; }

    private RunAppend Next(ResponseEvent frame) => Next(frame.Type, EventSource.Upstream, frame.Json, frame);

    private RunAppend Next(string type, EventSource source, ReadOnlyMemory<byte> data, ResponseEvent? upstream)
    {
        var seq = (_summary?.HeadSeq ?? 0) + 1;
        // As a model answers; times that differ by nothing would pack too well.
        _at = _at.AddMicroseconds(_pauses.Next(10_000, 40_000));
        var written = RunEventChain.Seal(_runId, seq, _hash, new RunEventDraft
        {
            At = _at,
            Source = source,
            Type = type,
            Data = data,
            ResponseId = upstream is null ? null : "resp_0123456789abcdef0123456789abcdef",
            Upstream = upstream,
        }, _saltKey, isNewKey: seq == 1);
        _hash = written.Hash;
        _summary = RunSummaryFold.Apply(_summary, written);
        return new RunAppend(_summary, [written]);
    }
}
