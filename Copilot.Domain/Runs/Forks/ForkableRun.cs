using System.Text;
using System.Text.Json.Nodes;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Forks;

/// <summary>A run as its log says, with the steps from which it can be carried out again.</summary>
public sealed class ForkableRun
{
    private readonly RunSummary _run;

    private ForkableRun(RunSummary run, RunCreation creation, IReadOnlyList<ForkStep> steps)
    {
        _run = run;
        (Agent, TextFormat, Steps) = (creation.Agent, creation.TextFormat, steps);
    }

    /// <summary>The agent's version that it was created with.</summary>
    public AgentSnapshot Agent { get; }

    /// <summary>The format that it was asked for, as UTF-8 JSON; empty for prose.</summary>
    public ReadOnlyMemory<byte> TextFormat { get; }

    /// <summary>Its steps, in order; the last may still be under way, or have been cut.</summary>
    public IReadOnlyList<ForkStep> Steps { get; }

    /// <summary>Reads a run. Null where its content was deleted, or it has no step.</summary>
    /// <param name="run">What lists say of it.</param>
    /// <param name="events">Its events from the first on; the pieces of answers may be left out.</param>
    /// <param name="upstreamStores">Whether the upstream stores responses (<c>store</c>).</param>
    public static ForkableRun? Read(RunSummary run, IReadOnlyList<RunEvent> events, bool upstreamStores)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(events);
        if (run.ForgottenAt is not null || events.Count == 0 || events.Any(one => one.IsErased))
        {
            return null;
        }

        var fold = new ForkStepFold(upstreamStores);
        foreach (var runEvent in events)
        {
            fold.Apply(runEvent);
        }

        return fold.Steps is { Count: > 0 } steps ? new ForkableRun(run, RunCreation.Read(events[0]), steps) : null;
    }

    /// <summary>The step that an event is part of: the last one that has begun by then.</summary>
    public ForkStep StepAt(long seq) => Steps.LastOrDefault(step => step.Seq <= seq) ?? Steps[0];

    /// <summary>The call that an event is about, or null.</summary>
    public ForkCall? CallAt(long seq) =>
        StepAt(seq) is var step && step.CallsBySeq.TryGetValue(seq, out var callId) ? step.Calls.FirstOrDefault(call => call.CallId == callId) : null;

    /// <summary>Calls whose outcome is taken from the log: those of earlier steps, and beside the one that is changed.</summary>
    /// <param name="step">The step that is carried out again.</param>
    /// <param name="changed">The call of it that gets other arguments, or null where the model is asked again.</param>
    public IReadOnlyList<ForkCall> Taken(ForkStep step, ForkCall? changed)
    {
        ArgumentNullException.ThrowIfNull(step);
        return
        [
            .. Steps.Where(one => one.Number < step.Number).SelectMany(one => one.Calls),
            .. changed is null ? [] : step.Calls.Where(call => call.CallId != changed.CallId && IsTaken(call)),
        ];
    }

    /// <summary>Calls that this run made from the step on: what may be carried out again, by the fork's own choice.</summary>
    /// <inheritdoc cref="Taken"/>
    public IReadOnlyList<ForkCall> Again(ForkStep step, ForkCall? changed)
    {
        ArgumentNullException.ThrowIfNull(step);
        return
        [
            .. step.Calls.Where(call => changed is null || call.CallId == changed.CallId || !IsTaken(call)),
            .. Steps.Where(one => one.Number > step.Number).SelectMany(one => one.Calls),
        ];
    }

    /// <summary>What a run begins with that is forked here.</summary>
    /// <param name="step">The step that is carried out again.</param>
    /// <param name="changed">The call of it that gets other arguments; null where the model is asked again.</param>
    /// <param name="arguments">Those arguments.</param>
    /// <param name="model">The model in place of this run's, or null.</param>
    /// <param name="title">What the fork's conversation is called.</param>
    public RunFork Fork(ForkStep step, ForkCall? changed, string? arguments, string? model, string title)
    {
        ArgumentNullException.ThrowIfNull(step);

        // A run that began with another's response repeats it, whether or not something of it is changed.
        var repeats = changed is not null || (step.HistorySeq is null && !step.IsMessage);
        var outputs = !repeats ? []
            : step.Calls.Where(call => call.CallId != changed?.CallId && IsTaken(call)).Select(call => new ForkedOutput(call.CallId, call.Output)).ToList();
        var forked = new RunForked(
            _run.RunId,
            step.IsMessage ? 1 : step.Seq,
            step.Number,
            changed?.CallId,
            step.IsMessage ? null : _run.Input,
            title,
            MessageId: null,
            repeats ? [.. step.Items.Select(item => new JsonBytes(changed is null ? item : With(item, changed, arguments ?? changed.Arguments)))] : null,
            outputs.Count > 0 ? outputs : null)
        {
            Model = model,
        };
        return step.HistorySeq is { } seq
            ? new RunFork(forked, _run.RunId, seq)
            : new RunFork(forked, _run.ParentRunId, _run.ParentSeq);
    }

    private static bool IsTaken(ForkCall call) => call.IsHosted || call.Output is not null;

    private static ReadOnlyMemory<byte> With(ReadOnlyMemory<byte> item, ForkCall changed, string arguments)
    {
        if (JsonNode.Parse(item.Span) is not JsonObject call || (string?)call["call_id"] != changed.CallId)
        {
            return item;
        }

        call[changed.IsFreeText ? "input" : "arguments"] = arguments;
        return Encoding.UTF8.GetBytes(call.ToJsonString());
    }
}
