using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Runs;
using Copilot.Web.Runs.Grants;
using Copilot.Web.Sessions;

namespace Copilot.Web.Components.Chat.Approvals;

/// <summary>What somebody has begun to decide about a call.</summary>
internal enum ApprovalMode
{
    /// <summary>They look.</summary>
    Looking,

    /// <summary>They change the arguments in a form.</summary>
    Form,

    /// <summary>They change the arguments as JSON.</summary>
    Json,

    /// <summary>They say why not.</summary>
    Denying,

    /// <summary>They choose for what, and how long, it is allowed or ruled out from now on.</summary>
    Remembering,
}

/// <summary>
/// Where a page decides about the calls of one run. It has what was begun, so that a card which is drawn somewhere else, in the
/// unfolded timeline for example, continues where it was.
/// </summary>
internal sealed class ApprovalDrafts(Func<ApprovalChoice, Task<CommandResult>> decide)
{
    private readonly Dictionary<string, ApprovalDraft> _drafts = [];

    /// <summary>Whether this person may decide.</summary>
    public bool CanDecide { get; set; }

    /// <summary>Whether this person asked for what the run does: then calls that need a second person are not theirs to approve.</summary>
    public bool HasAsked { get; set; }

    /// <summary>Whether the run is another's: then a decision needs a reason, which its owner reads.</summary>
    public bool NeedsReason { get; init; }

    /// <summary>The agent's name, where standing permissions can be given for it; null where none can.</summary>
    public string? Agent { get; init; }

    /// <summary>What people and tools are called.</summary>
    public TimelineNames Names { get; init; } = TimelineNames.None;

    /// <summary>Who asks, for somebody else who decides; null where it is the person's own run.</summary>
    public string? Requester { get; set; }

    /// <summary>
    /// Asks a tool what a call with these arguments would do: its name, empty for one that is not ours, and the arguments. Null says
    /// nothing about any.
    /// </summary>
    public Func<string, string, Task<CallDescription>>? Describe { get; init; }

    /// <summary>What was begun about a call.</summary>
    public ApprovalDraft DraftOf(string callId)
    {
        if (!_drafts.TryGetValue(callId, out var draft))
        {
            _drafts.Add(callId, draft = new ApprovalDraft());
        }

        return draft;
    }

    /// <summary>Decides.</summary>
    public Task<CommandResult> DecideAsync(ApprovalChoice choice) => decide(choice);
}

/// <summary>What was begun about one call.</summary>
internal sealed class ApprovalDraft
{
    /// <summary>What is being done.</summary>
    public ApprovalMode Mode { get; set; }

    /// <summary>The form's texts, by field.</summary>
    public List<string> Texts { get; } = [];

    /// <summary>The arguments as JSON.</summary>
    public string Json { get; set; } = "";

    /// <summary>Long values that were unfolded, by the argument's name: a call is approved when all of it was there to read.</summary>
    public HashSet<string> Unfolded { get; } = [];

    /// <summary>Why, or why not.</summary>
    public string Reason { get; set; } = "";

    /// <summary>True where a reason was needed and there was none.</summary>
    public bool LacksReason { get; set; }

    /// <summary>Where it is decided from now on.</summary>
    public GrantScope Scope { get; set; }

    /// <summary>How long it is decided from now on.</summary>
    public TimeSpan Lifetime { get; set; } = GrantRequest.Lifetimes[0];

    /// <summary>Why the last try did not count.</summary>
    public IReadOnlyList<FieldProblem> Problems { get; set; } = [];

    /// <summary>True while a decision is under way.</summary>
    public bool IsBusy { get; set; }
}
