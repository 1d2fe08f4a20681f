using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs.Summaries;

/// <summary>
/// Folds <c>question.*</c>: what people were asked, and what they answered. A question is open until its call has its output, so a model
/// that uses a <c>call_id</c> again asks again.
/// </summary>
internal sealed class RunQuestions
{
    private readonly Dictionary<string, PendingQuestion> _open = [];
    private readonly Dictionary<string, RunEvent> _ends = [];
    private readonly HashSet<string> _asked = [];

    /// <summary>The question of a call that has no output yet, or null.</summary>
    public PendingQuestion? Find(string callId) => _open.GetValueOrDefault(callId);

    /// <summary>The event that has answered or ended the question of a call that has no output yet, or null.</summary>
    public RunEvent? EndOf(string callId) => _ends.GetValueOrDefault(callId);

    /// <summary>True when this call has asked at some time.</summary>
    public bool WasAsked(string callId) => _asked.Contains(callId);

    /// <summary>A question as its event says it.</summary>
    public static PendingQuestion Read(RunEvent runEvent, QuestionAsked asked) => new(
        runEvent.CallId ?? "", asked.Question ?? "", asked.Choices ?? [], asked.AllowText ?? true, runEvent.At, asked.Timeout ?? TimeSpan.Zero);

    /// <summary>Takes the next event.</summary>
    public void Apply(RunEvent runEvent)
    {
        if (runEvent.CallId is not { } callId)
        {
            return;
        }

        switch (runEvent.Payload)
        {
            case QuestionAsked asked:
                _open[callId] = Read(runEvent, asked);
                _asked.Add(callId);
                _ends.Remove(callId);
                break;
            case QuestionAnswered or QuestionExpired when _open.ContainsKey(callId):
                // The first answer stands.
                _ends.TryAdd(callId, runEvent);
                break;
            case ToolEnded or ToolOutcomeUnknown:
                _open.Remove(callId);
                _ends.Remove(callId);
                break;
        }
    }
}
