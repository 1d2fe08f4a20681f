namespace Copilot.Domain.Supervision;

/// <summary>What a sign tells of a run, the most urgent first.</summary>
public enum SignKind
{
    /// <summary>A call waits for an approval.</summary>
    ApprovalWaiting,

    /// <summary>The agent has asked the person something.</summary>
    QuestionWaiting,

    /// <summary>Somebody, or the agent, has asked for help, and nobody has accepted.</summary>
    HelpRequested,

    /// <summary>The budget is used up, and the run waits for more.</summary>
    BudgetReached,

    /// <summary>Nobody knows whether a call had its effect.</summary>
    OutcomeUnknown,

    /// <summary>The run was interrupted and does not go on by itself.</summary>
    Interrupted,

    /// <summary>The run waits for a person, for something that is none of the above.</summary>
    Waiting,

    /// <summary>A rule that raises alerts has fired.</summary>
    RuleFired,

    /// <summary>A tool takes longer than its deadline.</summary>
    ToolOverdue,

    /// <summary>A tool has spent most of its deadline.</summary>
    ToolSlow,

    /// <summary>Nothing has happened for long.</summary>
    Silent,

    /// <summary>A request failed and is sent again.</summary>
    Retrying,

    /// <summary>The same call was made again and again.</summary>
    RepeatedCall,

    /// <summary>A text or a call's arguments grow without end.</summary>
    Growing,

    /// <summary>Most of the budget is used up.</summary>
    BudgetNearlyUsed,

    /// <summary>Most of what the model can hold is used up.</summary>
    ContextNearlyFull,

    /// <summary>The newest call of a tool failed, timed out or was denied.</summary>
    ToolFailed,

    /// <summary>HTTP took the socket's place.</summary>
    FellBack,
}
