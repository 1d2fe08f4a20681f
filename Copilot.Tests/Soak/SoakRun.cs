using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;

namespace Copilot.Tests.Soak;

/// <summary>One run of the soak: the people around it, and what has to be true of it afterwards.</summary>
internal sealed class SoakRun(SoakPlan plan, string runId)
{
    private const long NoticeableMs = 100;

    private long _seen;
    private string _last = "";
    private int _seenForStop;
    private bool _socketsOnly;
    private bool _stopped;
    private bool _detached;

    public SoakPlan Plan => plan;

    public string RunId => runId;

    /// <summary>What it is, and how far somebody has seen it: for the one who looks why it does not rest.</summary>
    public override string ToString() => $"{plan}, {runId} seen up to {_seen} ({_last})";

    /// <summary>Follows it until it rests, and does what its person does: stops it, or cuts its waits short.</summary>
    public async Task AttendAsync(RunHost host, TransportChoice transport)
    {
        _socketsOnly |= transport is TransportChoice.WebSocket;
        while (true)
        {
            await foreach (var batch in host.Feed.FollowAsync(runId, _seen, CancellationToken.None))
            {
                foreach (var runEvent in batch)
                {
                    (_seen, _last) = (runEvent.Seq, runEvent.Type);
                    await ReactAsync(host, runEvent);
                }

                if (RunEventTypes.IsSettled(batch[^1].Type))
                {
                    return;
                }

                if (!_detached && plan.Detach is { } detach && _seen >= detach.After)
                {
                    _detached = true;
                    break;
                }
            }

            if (plan.Detach is { Returns: false } && !_stopped && plan.Stop is null)
            {
                // Nobody looks any more; the run goes on by itself.
                return;
            }
        }
    }

    /// <summary>What is wrong with the run that rests, one sentence each.</summary>
    public async Task<SoakVerdict> JudgeAsync(RunHost host, SoakTools tools, bool upgradesFailed)
    {
        var flaws = new List<string>();
        var log = await ReadAsync(host);
        var hash = RunEventChain.Start;
        var fold = new InputFold(store: false);
        for (var i = 0; i < log.Count; i++)
        {
            if (log[i].Seq != i + 1)
            {
                flaws.Add($"event {log[i].Seq} stands at place {i + 1}");
            }

            if (!RunEventChain.Verify(log[i], hash))
            {
                flaws.Add($"the chain breaks at event {i + 1}");
            }

            hash = log[i].Hash;
            fold.Apply(log[i]);
        }

        var end = log[^1];
        if (!RunEventTypes.IsTerminal(end.Type) || log.SkipLast(1).Any(e => RunEventTypes.IsTerminal(e.Type)))
        {
            flaws.Add("it has not come to one end");
        }

        if (!SoakEnds.Allows(plan, log, _stopped, upgradesFailed, _socketsOnly))
        {
            flaws.Add($"it ended with {end.Type} {end.Text("code")}: {end.Text("message")}");
        }

        flaws.AddRange(CallFlaws(log, tools));
        flaws.AddRange(InputFlaws(fold, end));
        return new SoakVerdict(this, end.Type, end.Text("code"), log.Any(e => e.Type == RunEventTypes.RunInterrupted), flaws);
    }

    private async Task ReactAsync(RunHost host, RunEvent runEvent)
    {
        if (plan.Stop is { } stop && runEvent.Type == stop.Type && ++_seenForStop >= stop.Count)
        {
            // Each time: what a shutdown came before is said again after it.
            _stopped = true;
            await host.Runs.AskAsync(runId, new RunCommand.Stop(RunHost.Owner, null), CancellationToken.None);
        }
        else if (runEvent.Type == RunEventTypes.AttemptRetryScheduled && runEvent.Number("delay_ms") > NoticeableMs)
        {
            await host.Runs.AskAsync(runId, new RunCommand.RetryNow(RunHost.Owner), CancellationToken.None);
        }
    }

    private static IEnumerable<string> CallFlaws(IReadOnlyList<RunEvent> log, SoakTools tools)
    {
        foreach (var call in log.Where(e => e.CallId is not null && e.Source == EventSource.Agent).GroupBy(e => e.CallId!))
        {
            var effects = tools.Effects.GetValueOrDefault(new(call.First().RunId, call.Key));
            var name = call.First().Text("name");
            var starts = call.Count(e => e.Type == RunEventTypes.ToolStarted);
            var completed = call.Any(e => e.Type == RunEventTypes.ToolCompleted);
            if (name != SoakTools.Look && completed && effects != 1)
            {
                yield return $"call {call.Key} of {name} completed with {effects} effects";
            }

            if (effects > Math.Min(starts, 1))
            {
                yield return $"call {call.Key} of {name} was started {starts} times and had {effects} effects";
            }

            if (name == SoakTools.Act && starts > 1)
            {
                yield return $"call {call.Key} of {name}, which must not be repeated, was started {starts} times";
            }

            var ends = call.Count(e => e.Payload is ToolEnded or ToolOutcomeUnknown);
            if (ends != 1)
            {
                yield return $"call {call.Key} of {name} has {ends} ends";
            }
        }
    }

    private static IEnumerable<string> InputFlaws(InputFold fold, RunEvent end)
    {
        if (end.Type == RunEventTypes.RunCompleted && fold.Unanswered.Count > 0)
        {
            yield return $"{fold.Unanswered.Count} calls of the completed run have no output";
        }

        var items = fold.Close().Select(item => JsonDocument.Parse(item.Json).RootElement).ToArray();
        var calls = Ids(items, "function_call");
        var outputs = Ids(items, "function_call_output");
        if (!calls.Order().SequenceEqual(outputs.Order()) || calls.Distinct().Count() != calls.Length)
        {
            yield return $"the input has calls {string.Join(' ', calls)} and outputs {string.Join(' ', outputs)}";
        }
    }

    private static string[] Ids(JsonElement[] items, string type) =>
        [.. items.Where(item => item.GetProperty("type").GetString() == type).Select(item => item.GetProperty("call_id").GetString()!)];

    private async Task<IReadOnlyList<RunEvent>> ReadAsync(RunHost host)
    {
        var log = new List<RunEvent>();
        while (await host.Database.Events.ReadAsync(runId, log.Count, 1000, CancellationToken.None) is { Count: > 0 } page)
        {
            log.AddRange(page);
        }

        return log;
    }
}

/// <summary>How a run ended, and what is wrong with it.</summary>
internal sealed record SoakVerdict(SoakRun Run, string End, string? Code, bool Interrupted, IReadOnlyList<string> Flaws);
