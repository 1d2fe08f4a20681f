using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline.Folds;

/// <summary>Folds <c>tool.*</c>.</summary>
internal static class ToolFold
{
    /// <summary>The state after one of these events.</summary>
    public static TimelineState Apply(TimelineState state, RunEvent e, RunEventPayload payload)
    {
        if (e.CallId is not { } id)
        {
            return state.AddRaw(e);
        }

        var mark = e.Mark();
        if (!state.Index.Calls.TryGetValue(id, out var ordinal))
        {
            ordinal = state.Items.Count;
            state = state.Add(new ToolCallItem
            {
                Ordinal = ordinal,
                FromSeq = e.Seq,
                At = e.At,
                Attempt = state.Index.Attempt < 0 ? null : state.Index.Attempt,
                CallId = new Track<string>().Set(mark, id),
            }) with
            {
                Index = state.Index with { Calls = state.Index.Calls.SetItem(id, ordinal) },
            };
        }

        var call = (ToolCallItem)state.Items[ordinal];
        if (NameOf(payload) is { Length: > 0 } name)
        {
            call = call with { Name = call.Name.Set(mark, name) };
        }

        return state.Replace(mark, Step(call, mark, payload));
    }

    /// <summary>A call to which nothing more will happen by itself.</summary>
    public static ToolCallItem Cut(ToolCallItem call, SeqMark mark, bool requestsToo) => call.State switch
    {
        ToolCallState.Running => WithStep(call, mark, ToolCallState.OutcomeUnknown),
        ToolCallState.Requested when !requestsToo => call,
        _ => WithStep(call, mark, ToolCallState.Cancelled),
    };

    private static ToolCallItem Step(ToolCallItem call, SeqMark mark, RunEventPayload payload) => payload switch
    {
        ToolRequested requested => WithStep(
            call with
            {
                Arguments = call.Arguments.Finish(mark, requested.Arguments ?? ""),
                Intent = requested.Intent is { Length: > 0 } intent ? call.Intent.Set(mark, intent) : call.Intent,
                ReadOnly = call.ReadOnly.Set(mark, requested.ReadOnly),
                Repeatable = call.Repeatable.Set(mark, requested.Repeatable),
            },
            mark,
            ToolCallState.Requested),
        ToolStarted started => call with
        {
            Steps = call.Steps.Set(mark, new ToolCallStep(ToolCallState.Running, started.Deadline, null, null)),
        },
        ToolEnded ended => End(call, mark, new ToolCallStep(StateOf(ended), null, ended.Output, ended.Duration)),
        ToolOutcomeUnknown unknown => End(call, mark, new ToolCallStep(ToolCallState.OutcomeUnknown, null, unknown.Output, null)),
        _ => call,
    };

    private static ToolCallItem End(ToolCallItem call, SeqMark mark, ToolCallStep end) =>
        call with { Done = call.Done ?? mark, Steps = call.Steps.Set(mark, end), Question = QuestionFold.Withdraw(call.Question, mark) };

    private static ToolCallItem WithStep(ToolCallItem call, SeqMark mark, ToolCallState state) =>
        call with { Steps = call.Steps.Set(mark, new ToolCallStep(state, null, null, null)) };

    private static ToolCallState StateOf(ToolEnded ended) => ended switch
    {
        ToolCompleted => ToolCallState.Completed,
        ToolTimedOut => ToolCallState.TimedOut,
        ToolDenied => ToolCallState.Denied,
        ToolCancelled => ToolCallState.Cancelled,
        _ => ToolCallState.Failed,
    };

    private static string? NameOf(RunEventPayload payload) => payload switch
    {
        ToolRequested requested => requested.Name,
        ToolStarted started => started.Name,
        ToolEnded ended => ended.Name,
        ToolOutcomeUnknown unknown => unknown.Name,
        _ => null,
    };
}
