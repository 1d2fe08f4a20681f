using Copilot.Domain.Runs.Events;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline.Folds;

/// <summary>Folds <c>tool.*</c>.</summary>
internal static class ToolFold
{
    /// <summary>The state after one of these events.</summary>
    public static TimelineState Apply(TimelineState state, RunEvent e, EventData data)
    {
        var id = e.CallId ?? data.Text("call_id");
        if (id is null)
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
        if (data.Text("name") is { Length: > 0 } name)
        {
            call = call with { Name = call.Name.Set(mark, name) };
        }

        return state.Replace(mark, Step(call, e.Type, mark, data));
    }

    /// <summary>A call to which nothing more will happen by itself.</summary>
    public static ToolCallItem Cut(ToolCallItem call, SeqMark mark, bool requestsToo) => call.State switch
    {
        ToolCallState.Running => WithStep(call, mark, ToolCallState.OutcomeUnknown),
        ToolCallState.Requested when !requestsToo => call,
        _ => WithStep(call, mark, ToolCallState.Cancelled),
    };

    private static ToolCallItem Step(ToolCallItem call, string type, SeqMark mark, EventData data)
    {
        switch (type)
        {
            case RunEventTypes.ToolRequested:
                call = call with
                {
                    Arguments = call.Arguments.Finish(mark, data.Text("arguments") ?? ""),
                    ReadOnly = call.ReadOnly.Set(mark, data.Flag("read_only")),
                    Repeatable = call.Repeatable.Set(mark, data.Flag("repeatable")),
                };
                return WithStep(call, mark, ToolCallState.Requested);

            case RunEventTypes.ToolStarted:
                return call with
                {
                    Steps = call.Steps.Set(
                        mark,
                        new ToolCallStep(ToolCallState.Running, data.Milliseconds("deadline_ms"), null, null)),
                };

            default:
                return call with
                {
                    Done = call.Done ?? mark,
                    Steps = call.Steps.Set(
                        mark,
                        new ToolCallStep(EndOf(type), null, data.Text("output"), data.Milliseconds("duration_ms"))),
                };
        }
    }

    private static ToolCallItem WithStep(ToolCallItem call, SeqMark mark, ToolCallState state) =>
        call with { Steps = call.Steps.Set(mark, new ToolCallStep(state, null, null, null)) };

    private static ToolCallState EndOf(string type) => type switch
    {
        RunEventTypes.ToolCompleted => ToolCallState.Completed,
        RunEventTypes.ToolFailed => ToolCallState.Failed,
        RunEventTypes.ToolTimedOut => ToolCallState.TimedOut,
        RunEventTypes.ToolDenied => ToolCallState.Denied,
        RunEventTypes.ToolCancelled => ToolCallState.Cancelled,
        _ => ToolCallState.OutcomeUnknown,
    };
}
