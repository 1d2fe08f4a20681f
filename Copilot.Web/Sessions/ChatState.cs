using Copilot.Domain.Costs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Web.Sessions;

/// <summary>What the chat page shows.</summary>
public enum ChatPhase
{
    /// <summary>Nothing is known yet.</summary>
    Loading,

    /// <summary>A conversation that has not begun.</summary>
    New,

    /// <summary>A conversation.</summary>
    Open,

    /// <summary>There is no such session, or this person may not see it: both look alike.</summary>
    NotFound,

    /// <summary>The person's permission was taken while they looked.</summary>
    AccessEnded,

    /// <summary>That this person looks could not be recorded, so nothing is shown; it may be tried again.</summary>
    NotRecorded,

    /// <summary>The session could not be read; it may be tried again.</summary>
    Failed,
}

/// <summary>The session a page is on.</summary>
/// <param name="Id">Session id.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="HeadRunId">Tip of the branch that was chosen last.</param>
public sealed record ChatHead(string Id, string Title, RunOwner Owner, string? HeadRunId);

/// <summary>What a conversation takes of its model's context.</summary>
/// <param name="Tokens">Tokens that the newest response read and wrote.</param>
/// <param name="Model">The model that was asked; empty for the configured one.</param>
public sealed record ContextUse(long Tokens, string Model);

/// <summary>The chat page's state. Immutable: every change is a new value.</summary>
public sealed record ChatState
{
    /// <summary>Before anything was asked.</summary>
    public static ChatState Loading { get; } = new();

    /// <summary>What the page shows.</summary>
    public ChatPhase Phase { get; init; }

    /// <summary>The session; null while there is none.</summary>
    public ChatHead? Session { get; init; }

    /// <summary>The shown branch, oldest first, without what waits in the queue.</summary>
    public IReadOnlyList<ChatRun> Runs { get; init; } = [];

    /// <summary>Messages that wait for the active run, oldest first.</summary>
    public IReadOnlyList<RunSummary> Queued { get; init; } = [];

    /// <summary>The run that works or waits for a person, or null.</summary>
    public RunSummary? Active { get; init; }

    /// <summary>Whether this person may write here.</summary>
    public bool CanWrite { get; init; }

    /// <summary>Whether this person may stop and resume.</summary>
    public bool CanControl { get; init; }

    /// <summary>What the conversation has cost, on all its branches; one total per currency.</summary>
    public IReadOnlyList<CostTotal> Costs { get; init; } = [];

    /// <summary>What the shown branch takes of its model's context; null where that is not known yet.</summary>
    public ContextUse? Context { get; init; }

    /// <summary>This person's ratings: run id to 1 or -1.</summary>
    public IReadOnlyDictionary<string, int> Ratings { get; init; } = new Dictionary<string, int>();
}
