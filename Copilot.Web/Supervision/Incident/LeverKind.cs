namespace Copilot.Web.Supervision.Incident;

/// <summary>What a lever does. Stored and sent by its wire name, so a value may be added and never changed.</summary>
public enum LeverKind
{
    /// <summary>No new request is accepted; what runs goes on.</summary>
    StopIntakeAll,

    /// <summary>No new request to one agent is accepted.</summary>
    StopIntakeAgent,

    /// <summary>Calls of one tool are not carried out, in no run.</summary>
    ToolOff,
}
