using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Storage.Sessions;

namespace Copilot.Web.Storage.Search;

/// <summary>A row of a list of runs.</summary>
public sealed record FoundRun
{
    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>Its session.</summary>
    public required string SessionId { get; init; }

    /// <summary>The session's title; empty where it has none.</summary>
    public required string Title { get; init; }

    /// <summary>The beginning of what the person asked; empty where it was erased.</summary>
    public required string Input { get; init; }

    /// <summary>Whose it is.</summary>
    public required string PersonId { get; init; }

    /// <summary>Their name; null where they are not there any more.</summary>
    public required string? Person { get; init; }

    /// <summary>Its team.</summary>
    public required string TeamId { get; init; }

    /// <summary>The team's name; null where it is not there any more.</summary>
    public required string? Team { get; init; }

    /// <summary>The agent.</summary>
    public required string Agent { get; init; }

    /// <summary>The model asked for; empty for the configured one.</summary>
    public required string Model { get; init; }

    /// <summary>Where it is.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>What carried it last, or null.</summary>
    public required TransportKind? Transport { get; init; }

    /// <summary>The code of its error, or null.</summary>
    public required string? ErrorCode { get; init; }

    /// <summary>The tools that the model has called, each once, in the order of their first calls.</summary>
    public required IReadOnlyList<string> Tools { get; init; }

    /// <summary>How many calls there were.</summary>
    public required int ToolCalls { get; init; }

    /// <summary>Tokens read and written.</summary>
    public required long Tokens { get; init; }

    /// <summary>The known cost, in micro-units of <see cref="Currency"/>.</summary>
    public required long CostMicros { get; init; }

    /// <summary>The currency, or null.</summary>
    public required string? Currency { get; init; }

    /// <summary>True where there was more whose cost is not known.</summary>
    public required bool IsCostPartial { get; init; }

    /// <summary>True where somebody did something about it.</summary>
    public required bool HasIntervention { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended for good, or null.</summary>
    public required DateTimeOffset? CompletedAt { get; init; }

    /// <summary>From its creation to its end, or to its newest event.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>True when its content was erased.</summary>
    public required bool IsErased { get; init; }

    /// <summary>True where the person who asks has opened it.</summary>
    public required bool IsSeen { get; init; }

    /// <summary>Where the list goes on after it.</summary>
    public required RunCursor Cursor { get; init; }

    /// <summary>Where what was looked for was found; null where nothing was looked for.</summary>
    public SearchHit? Hit { get; init; }
}

/// <summary>A place in a run where something was found.</summary>
/// <param name="Seq">The event's number.</param>
/// <param name="Snippet">A piece of what it says; null where it cannot be shown any more.</param>
/// <param name="Count">In how many events of the run something was found.</param>
public sealed record SearchHit(long Seq, SearchSnippet? Snippet, int Count);
