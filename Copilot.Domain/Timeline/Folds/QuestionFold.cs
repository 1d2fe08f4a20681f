using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline.Folds;

/// <summary>Folds <c>question.*</c> into the call that asks.</summary>
internal static class QuestionFold
{
    /// <summary>The state after one of these events.</summary>
    public static TimelineState Apply(TimelineState state, RunEvent e, RunEventPayload payload)
    {
        if (e.CallId is not { } id || !state.Index.Calls.TryGetValue(id, out var ordinal) || state.Items[ordinal] is not ToolCallItem call)
        {
            return state.AddRaw(e);
        }

        var step = Step(e, payload, call.Question.Current);
        return step is null ? state.AddRaw(e) : state.Replace(e.Mark(), call with { Question = call.Question.Set(e.Mark(), step) });
    }

    /// <summary>A question that nobody can answer any more.</summary>
    public static Track<QuestionStep> Withdraw(Track<QuestionStep> question, SeqMark mark) =>
        question.Current is { State: QuestionState.Waiting } open ? question.Set(mark, open with { State = QuestionState.Withdrawn }) : question;

    private static QuestionStep? Step(RunEvent e, RunEventPayload payload, QuestionStep? before) => payload switch
    {
        QuestionAsked asked => new(
            QuestionState.Waiting, asked.Question ?? "", asked.Choices ?? [], asked.AllowText ?? true, asked.Timeout ?? TimeSpan.Zero, Answer: null, Actor: null),
        QuestionAnswered answered => before is null
            ? null
            : before with { State = QuestionState.Answered, Answer = answered.Text ?? "", Actor = e.Actor, Reason = answered.Reason },
        QuestionExpired => before is null ? null : before with { State = QuestionState.Expired },
        _ => null,
    };
}
