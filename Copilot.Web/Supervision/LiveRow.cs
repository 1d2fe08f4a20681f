using System.Collections.Immutable;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Supervision;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Web.Supervision;

/// <summary>One run on the <see cref="LiveBoard"/>. Immutable: a row that has not changed is the same object.</summary>
/// <param name="Run">The run.</param>
/// <param name="Assessment">How urgently it needs a person, and why.</param>
public sealed record LiveRow(RunSummary Run, RunAssessment Assessment)
{
    // As many as a summary keeps, but for half a character.
    private const int LongestWords = 119;

    // Of an answer that is there, its beginning says more than its end.
    private const int AnswerStart = 200;

    private string? _excerpt;

    /// <summary>The run's id.</summary>
    public string RunId => Run.RunId;

    /// <summary>Name of the person whose run it is; their id where the name is not known.</summary>
    public required string PersonName { get; init; }

    /// <summary>Name of the team; its id where the name is not known.</summary>
    public required string TeamName { get; init; }

    /// <summary>Who looks at it now, each person once.</summary>
    public ImmutableArray<RunWatcher> Watchers { get; init; } = [];

    /// <summary>Who takes care of it, or null.</summary>
    public RunClaim? Claim { get; init; }

    /// <summary>The part of the model's context that its conversation fills, 1 for all; null where that is not known.</summary>
    public double? ContextShare { get; init; }

    /// <summary>About how many tokens a second it streams.</summary>
    public int TokensPerSecond { get; init; }

    /// <summary>Since when it stands where it stands (UTC): the wait, the trouble, the work.</summary>
    public DateTimeOffset Since => Assessment.Signs is [var first, ..] ? first.Since
        : Run.Status.IsSettled() ? Run.CompletedAt ?? Run.LastEventAt
        : Run.StartedAt ?? Run.CreatedAt;

    /// <summary>
    /// One line of its answer: the beginning of one that is there, the end of one that streams; empty where it has said nothing. Made
    /// once, however many walls show the row.
    /// </summary>
    public string Excerpt => _excerpt ??= Run switch
    {
        { Status: RunStatus.Completed, OutputText: { Length: > 0 } answer } => Line(answer[..Math.Min(answer.Length, AnswerStart)], isCut: false),
        { LastWords: { Length: > 0 } words } => Line(words, isCut: words.Length < Run.OutputText.Length || words.Length >= LongestWords),
        _ => "",
    };

    /// <summary>The order of the wall: the most urgent group and run first, of equal ones the one that waits longest.</summary>
    public static int Compare(LiveRow one, LiveRow other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        var group = one.Assessment.Group;
        var order = group.CompareTo(other.Assessment.Group);
        order = order != 0 ? order : other.Assessment.Risk.CompareTo(one.Assessment.Risk);
        order = order != 0 ? order : group is AttentionGroup.JustEnded ? other.Since.CompareTo(one.Since) : one.Since.CompareTo(other.Since);
        return order != 0 ? order : string.CompareOrdinal(one.RunId, other.RunId);
    }

    private static string Line(string words, bool isCut) => VisibleText.Of(PlainExcerpt.Of(words, isCut), oneLine: true);
}
