using System.Collections.Immutable;

namespace Copilot.Domain.Runs.Summaries.Supervision;

/// <summary>
/// What tells how a run that works is doing: signs of trouble are read from it. The fold of its events
/// (<see cref="RunVitalsFold"/>); it is not stored.
/// </summary>
public sealed record RunVitals
{
    /// <summary>Before anything has happened.</summary>
    public static RunVitals None { get; } = new();

    /// <summary>When the request under way was sent (UTC); null while none is.</summary>
    public DateTimeOffset? RequestSentAt { get; init; }

    /// <summary>The retry that is scheduled or under way; null once a response has begun.</summary>
    public ScheduledRetry? Retry { get; init; }

    /// <summary>The call that was made again and again with the same arguments, newest; null before the first call.</summary>
    public RepeatedCall? Repeated { get; init; }

    /// <summary>How many calls have failed or timed out.</summary>
    public int FailedCalls { get; init; }

    /// <summary>How many calls people have denied.</summary>
    public int DeniedCalls { get; init; }

    /// <summary>How many calls have an outcome that nobody knows.</summary>
    public int UnknownCalls { get; init; }

    /// <summary>The newest call that failed, timed out or was denied: its tool. Null where none has since the last that succeeded.</summary>
    public string? TroubledTool { get; init; }

    /// <summary>What people said to the agent last: the question, a message while it worked, an answer.</summary>
    public string PersonText { get; init; } = "";

    /// <summary>The newest firing of each rule that has fired, by the rule's id.</summary>
    public ImmutableDictionary<string, RuleFiring> Rules { get; init; } = ImmutableDictionary<string, RuleFiring>.Empty;
}

/// <summary>A response that is asked for again.</summary>
/// <param name="At">When that was decided (UTC).</param>
/// <param name="Delay">How long is waited first.</param>
/// <param name="Reason">What went wrong, as a phrase, or null.</param>
/// <param name="Count">How many times in a row.</param>
public sealed record ScheduledRetry(DateTimeOffset At, TimeSpan Delay, string? Reason, int Count);

/// <summary>A call that was asked for several times in a row.</summary>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">The arguments, as the model wrote them.</param>
/// <param name="Count">How many times.</param>
public sealed record RepeatedCall(string Name, string Arguments, int Count);
