using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Questions;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Tools;

namespace Copilot.Domain.Runs.Actor.Calls;

/// <summary>
/// Questions that wait for an answer. The question and its answer are in the log before the model reads of it, so a restart asks
/// nobody twice: the time that is left comes from the question's own event.
/// </summary>
internal sealed class PendingQuestions(RunRecorder recorder, RunTools tools, IRunMailbox mailbox, RunHold hold, TimeProvider time, TimeSpan timeout)
{
    private readonly Dictionary<string, ITimer> _open = [];

    /// <summary>True while a question waits.</summary>
    public bool Any => _open.Count > 0;

    /// <summary>Asks, waits on after a restart, or gives the model the answer that has come.</summary>
    public void Request(PendingCall call)
    {
        if (recorder.Questions.Find(call.CallId) is not { } question)
        {
            if (tools.Approvals.ErrorsOf(call.Name, call.Arguments) is { Count: > 0 } errors)
            {
                recorder.Record(new ToolFailed(call.Name, ToolArgumentError.Join(errors), TimeSpan.Zero), call.CallId);
                return;
            }

            var asked = AskUserTool.Read(call.Arguments);
            var choices = asked.Choices is { Count: > 0 } some ? some : null;
            recorder.Record(new QuestionAsked(asked.Question, choices, asked.AllowText is not false, timeout), call.CallId);
            question = recorder.Questions.Find(call.CallId)!;
        }

        var left = question.AskedAt + question.Timeout - RunTime.Now(time);
        if (recorder.Questions.EndOf(call.CallId) is null && left <= TimeSpan.Zero)
        {
            // The time ran out while nobody owned the run.
            recorder.Record(new QuestionExpired(), call.CallId);
        }

        if (recorder.Questions.EndOf(call.CallId) is not null)
        {
            Close(call.CallId, question);
            return;
        }

        var over = new RunMessage.QuestionTimeUp(call.CallId);
        _open[call.CallId] = time.CreateTimer(_ => mailbox.Post(over), null, left, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The run waits from the first question of a round on.</summary>
    public void BeginToWait()
    {
        if (Any)
        {
            hold.Begin(HoldReason.Question, QuestionSentences.Waiting);
        }
    }

    /// <summary>Takes an answer: commits it, tells the person, and gives it to the model. One that cannot be used changes nothing.</summary>
    /// <returns>True when it counts.</returns>
    public async Task<bool> AnswerAsync(RunMessage.Asked asked, RunCommand.Answer command)
    {
        if (!_open.ContainsKey(command.CallId) || recorder.Questions.Find(command.CallId) is not { } question)
        {
            asked.Reply(recorder.Questions.WasAsked(command.CallId) ? new CommandOutcome.NotPossible() : new CommandOutcome.NotFound());
            return false;
        }

        var text = command.Text.Trim();
        if (ErrorIn(question, text) is { } error)
        {
            asked.Reply(new CommandOutcome.InvalidArguments([error]));
            return false;
        }

        recorder.RecordBy(command.Actor, new QuestionAnswered(text) { Reason = command.Reason }, command.CallId);
        await recorder.CommitAsync().ConfigureAwait(false);
        asked.Reply(new CommandOutcome.Accepted());
        Close(command.CallId, question);
        return true;
    }

    /// <summary>Nobody has answered in time.</summary>
    public void Expire(string callId)
    {
        if (_open.ContainsKey(callId) && recorder.Questions.Find(callId) is { } question)
        {
            recorder.Record(new QuestionExpired(), callId);
            Close(callId, question);
        }
    }

    /// <summary>A person has cancelled the call: nobody is asked any more. False for one that does not wait.</summary>
    public bool Withdraw(string callId)
    {
        if (!_open.Remove(callId, out var timer))
        {
            return false;
        }

        timer.Dispose();
        EndWait();
        return true;
    }

    /// <summary>Waits for nobody any more.</summary>
    public void Discard()
    {
        foreach (var timer in _open.Values)
        {
            timer.Dispose();
        }

        _open.Clear();
    }

    /// <summary>The call's output is what came of its question.</summary>
    private void Close(string callId, PendingQuestion question)
    {
        var waited = _open.Remove(callId, out var timer);
        timer?.Dispose();
        var end = recorder.Questions.EndOf(callId)!;
        var duration = end.At - question.AskedAt;
        recorder.Record(
            end.Payload is QuestionAnswered answered
                ? new ToolCompleted(AskUserTool.ToolName, answered.Text ?? "", duration)
                : new ToolTimedOut(AskUserTool.ToolName, QuestionSentences.Expired(question.Timeout), duration),
            callId);
        if (waited)
        {
            EndWait();
        }
    }

    private void EndWait()
    {
        if (!Any)
        {
            hold.End(HoldReason.Question, QuestionSentences.Resumed);
        }
    }

    private static ToolArgumentError? ErrorIn(PendingQuestion question, string text) =>
        text.Length == 0 ? QuestionSentences.Empty
        : text.Length > AskUserTool.MaxAnswerLength ? QuestionSentences.TooLong(AskUserTool.MaxAnswerLength)
        : !question.AllowsText && !question.Choices.Any(choice => choice.Trim() == text) ? QuestionSentences.NotAChoice(question.Choices)
        : null;
}
