namespace Copilot.Domain.Replay.Chapters;

/// <summary>What a chapter of a run is about.</summary>
public enum ChapterKind
{
    /// <summary>What the person asked.</summary>
    Asked,

    /// <summary>Calls of one tool of ours in a row.</summary>
    Tool,

    /// <summary>Calls of one of the upstream's own tools in a row.</summary>
    HostedTool,

    /// <summary>A person was asked whether a call may be carried out.</summary>
    Approval,

    /// <summary>The budget was used up, or raised.</summary>
    Budget,

    /// <summary>Somebody wrote to the agent while it worked.</summary>
    Message,

    /// <summary>Connections were lost, or requests had to be sent again.</summary>
    Trouble,

    /// <summary>The run rested after a restart.</summary>
    Interrupted,

    /// <summary>The answer.</summary>
    Answer,

    /// <summary>The run failed or was stopped.</summary>
    Ended,
}
