using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs.Summaries.Supervision;

/// <summary>
/// Folds what people did about a run into what its owner needs to go by it: which commands have acted, which calls were cancelled, and
/// when whoever has taken over said something last.
/// </summary>
internal sealed class RunInterventions
{
    private readonly HashSet<string> _commands = [];
    private readonly Dictionary<string, string?> _cancelled = [];

    /// <summary>When the person who has taken over did so, or wrote last (UTC); null while nobody has.</summary>
    public DateTimeOffset? SpokenAt { get; private set; }

    /// <summary>The command's id that an event has, or null.</summary>
    public static string? CommandOf(RunEvent runEvent) => runEvent.Payload switch
    {
        SupervisorAction action => action.CommandId,
        ApprovalApproved approved => approved.CommandId,
        ApprovalDenied denied => denied.CommandId,
        RunCancelled cancelled => cancelled.CommandId,
        SteerRequested said => said.SteerId,
        _ => null,
    };

    /// <summary>True when a command with this id has acted already.</summary>
    public bool Knows(string commandId) => _commands.Contains(commandId);

    /// <summary>True when a person cancelled this call and it has no output yet.</summary>
    public bool IsCancelled(string callId) => _cancelled.ContainsKey(callId);

    /// <summary>Why a person cancelled this call, or null.</summary>
    public string? ReasonOf(string callId) => _cancelled.GetValueOrDefault(callId);

    /// <summary>Takes the next event.</summary>
    public void Apply(RunEvent runEvent)
    {
        if (CommandOf(runEvent) is { } command)
        {
            _commands.Add(command);
        }

        switch (runEvent.Payload)
        {
            case SupervisorTookOver or SupervisorWrote:
                SpokenAt = runEvent.At;
                break;
            case SupervisorHandedBack:
                SpokenAt = null;
                break;
            case SupervisorCancelledCall cancelled when runEvent.CallId is { } callId:
                _cancelled[callId] = cancelled.Reason;
                break;
            case ToolEnded or ToolOutcomeUnknown when runEvent.CallId is { } callId:
                _cancelled.Remove(callId);
                break;
        }
    }
}
