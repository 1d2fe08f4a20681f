using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs.Input;

/// <summary>
/// While a person answers in the agent's place the model hears nothing. What was said meanwhile, by both sides, it gets as one message
/// where it happened.
/// </summary>
internal sealed partial class InputFold
{
    private TakenOver? _takenOver;

    /// <summary>Messages of the owner since a person took over (<c>steer_id</c>s): the note about it has them.</summary>
    public IReadOnlyList<string> SaidMeanwhile => _takenOver is { } taken ? [.. taken.SteerIds] : [];

    private void ApplySupervision(SupervisorAction action)
    {
        switch (action)
        {
            case SupervisorTookOver taken:
                _takenOver ??= new TakenOver(taken.Reason);
                break;
            case SupervisorWrote { Text: { } text }:
                _takenOver?.Said.Add(InterventionText.InPlace(text));
                break;
            case SupervisorHandedBack back:
                EndTakeOver(handedBack: true, back.Reason);
                break;
        }
    }

    private void NoteWords(RunEvent runEvent, string steerId, string text)
    {
        var isOwners = runEvent.Source is not EventSource.Supervisor;
        if (_words.TryAdd(steerId, isOwners ? text : InterventionText.FromSupervisor(text)) && isOwners && _takenOver is { } taken)
        {
            taken.Said.Add(InterventionText.ToPerson(text));
            taken.SteerIds.Add(steerId);
        }
    }

    private void EndTakeOver(bool handedBack, string? note)
    {
        if (_takenOver is not { } taken)
        {
            return;
        }

        _takenOver = null;
        foreach (var steerId in taken.SteerIds)
        {
            // They stand in the note, and are not said again.
            _words.Remove(steerId);
        }

        if (handedBack || taken.Said.Count > 0)
        {
            AddAfterOpen(InterventionText.TakenOver(taken.Reason, taken.Said, handedBack, note));
        }
    }

    private sealed record TakenOver(string? Reason)
    {
        public List<string> Said { get; } = [];

        public List<string> SteerIds { get; } = [];
    }
}
