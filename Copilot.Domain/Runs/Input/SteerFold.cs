using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs.Input;

/// <summary>Folds a run's events into the words that the model has not been given yet.</summary>
internal sealed class SteerFold
{
    private readonly HashSet<string> _known = [];
    private readonly List<SteerMessage> _waiting = [];

    /// <summary>What still has to reach the model, in the order in which it was said.</summary>
    public IReadOnlyList<SteerMessage> Waiting => _waiting;

    /// <summary>True when a message with this id was saved already.</summary>
    public bool Knows(string steerId) => _known.Contains(steerId);

    /// <summary>Takes the next event.</summary>
    public void Apply(RunEvent runEvent)
    {
        switch (runEvent.Payload)
        {
            case SteerRequested { SteerId: { } steerId } requested when _known.Add(steerId):
                var text = requested.Text ?? "";
                _waiting.Add(new SteerMessage(steerId, runEvent.Source is EventSource.Supervisor ? InterventionText.FromSupervisor(text) : text));
                break;
            case SteerDelivered { SteerId: { } steerId }:
                _waiting.RemoveAll(words => words.SteerId == steerId);
                break;
        }
    }
}
