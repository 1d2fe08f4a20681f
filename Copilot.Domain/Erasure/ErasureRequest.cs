using Copilot.Domain.Runs;

namespace Copilot.Domain.Erasure;

/// <summary>How far a forgetting has come. The order is the order in which it goes.</summary>
public enum ErasureState
{
    /// <summary>Asked for; nothing has been removed.</summary>
    Requested,

    /// <summary>What has to be forgotten upstream is noted; content is being removed here.</summary>
    Erasing,

    /// <summary>Nothing is left here; the upstream is being made to forget.</summary>
    Verifying,

    /// <summary>Gone here, and gone upstream as it says itself.</summary>
    Forgotten,

    /// <summary>Gone here; of some requests the upstream never told the response's id, so nobody can ask it about them.</summary>
    Unproven,
}

/// <summary>Why something is forgotten.</summary>
public enum ErasureCause
{
    /// <summary>A person asked for it.</summary>
    Person,

    /// <summary>A person deleted the conversation.</summary>
    Deletion,

    /// <summary>It was older than <see cref="RetentionOptions.Days"/>.</summary>
    Rule,
}

/// <summary>The forgetting of one conversation: all runs that it has by then. It is work that survives a restart, and the proof that it was done.</summary>
public sealed record ErasureRequest
{
    /// <summary>Id (<c>fgt_…</c>).</summary>
    public required string Id { get; init; }

    /// <summary>The conversation.</summary>
    public required string SessionId { get; init; }

    /// <summary>Whose it is.</summary>
    public required RunOwner Owner { get; init; }

    /// <summary>Why.</summary>
    public required ErasureCause Cause { get; init; }

    /// <summary>Who asked; null for a rule.</summary>
    public EventActor? RequestedBy { get; init; }

    /// <summary>The rule as it stood then; null for a person.</summary>
    public string? Rule { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>How far it is.</summary>
    public ErasureState State { get; init; }

    /// <summary>When nothing was left here, or null.</summary>
    public DateTimeOffset? ErasedAt { get; init; }

    /// <summary>When it was over, or null.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When it is worked on next, if it is not over.</summary>
    public DateTimeOffset NextAt { get; init; }

    /// <summary>Tries that did not get to the end of what was left here.</summary>
    public int Attempts { get; init; }

    /// <summary>What is in the way here, in one sentence; null when nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>What it has come to, as counted when it was read.</summary>
    public ErasureCounts Counts { get; init; }

    /// <summary>True when there is nothing left to do.</summary>
    public bool IsOver => State is ErasureState.Forgotten or ErasureState.Unproven;
}

/// <summary>Numbers of a forgetting.</summary>
/// <param name="Runs">Runs it took on.</param>
/// <param name="RunsErased">Those of which nothing is left here.</param>
/// <param name="Verified">Responses that are proven to be gone.</param>
/// <param name="Pending">Responses still to be proven.</param>
/// <param name="Failed">Responses that the last tries could not make the upstream forget.</param>
/// <param name="Unproven">Requests of which nobody knows the response's id.</param>
public readonly record struct ErasureCounts(int Runs, int RunsErased, int Verified, int Pending, int Failed, int Unproven);

/// <summary>One run that was forgotten, and what stays of it: its place in the hash chain.</summary>
public sealed record ErasedRun
{
    /// <summary>The forgetting it belongs to.</summary>
    public required string ForgettingId { get; init; }

    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>How many events it has; all stay, without their content.</summary>
    public required long Events { get; init; }

    /// <summary>Bytes of content that were removed.</summary>
    public required long Bytes { get; init; }

    /// <summary>Hash of its newest event, in lower-case hex: it stays the same.</summary>
    public required string HeadHash { get; init; }

    /// <summary>Whether its chain held before anything was removed.</summary>
    public required bool ChainHeldBefore { get; init; }

    /// <summary>Whether its chain holds without the content; null until it was removed.</summary>
    public bool? ChainHoldsAfter { get; init; }

    /// <summary>When this was noted.</summary>
    public required DateTimeOffset PlannedAt { get; init; }

    /// <summary>When its content was gone, or null.</summary>
    public DateTimeOffset? ErasedAt { get; init; }
}
