using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Web.Sessions;

/// <summary>One run of the shown branch, with its place among the runs that answer the same moment.</summary>
/// <param name="Run">The run.</param>
/// <param name="Branches">How many siblings there are, itself included.</param>
/// <param name="Question">Its question among those that were asked in its place.</param>
/// <param name="Answer">It among the runs that answer this very question.</param>
public sealed record ChatRun(RunSummary Run, int Branches, VersionPlace Question, VersionPlace Answer);

/// <summary>Which of several versions is shown.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Count">How many there are, itself included.</param>
/// <param name="PreviousTip">Newest run of the branch of the version before it, or null.</param>
/// <param name="NextTip">Newest run of the branch of the version after it, or null.</param>
public sealed record VersionPlace(int Number, int Count, string? PreviousTip, string? NextTip);

/// <summary>
/// A session's runs are a tree: retry and edit make siblings. The chat shows one path through it, from the root to the tip.
/// </summary>
internal static class SessionBranches
{
    /// <summary>The path to the tip, oldest first. Runs that were removed from the queue are passed over.</summary>
    /// <param name="runs">All runs of the session.</param>
    /// <param name="tip">The selected run; where it is unknown, the newest.</param>
    public static IReadOnlyList<ChatRun> Path(IReadOnlyCollection<RunSummary> runs, string? tip)
    {
        var byId = runs.ToDictionary(run => run.RunId);
        var children = runs.ToLookup(run => run.ParentRunId ?? "");
        var path = new List<ChatRun>();
        var run = tip is not null && byId.TryGetValue(tip, out var found) ? found : Newest(runs);
        while (run is not null && path.Count <= byId.Count)
        {
            if (!WasRemoved(run))
            {
                path.Add(Place(run, children));
            }

            run = run.ParentRunId is { } parent ? byId.GetValueOrDefault(parent) : null;
        }

        path.Reverse();
        return path;
    }

    /// <summary>True for a run that was taken out of the queue: it was never seen to work.</summary>
    public static bool WasRemoved(RunSummary run) => run is { Status: RunStatus.Cancelled, StartedAt: null };

    private static ChatRun Place(RunSummary run, ILookup<string, RunSummary> children)
    {
        var siblings = children[run.ParentRunId ?? ""]
            .Where(sibling => !WasRemoved(sibling))
            .Order(RunOrder.InSession)
            .ToList();

        // To ask again makes another answer, to edit makes another question.
        var questions = siblings.GroupBy(QuestionOf).Select(answers => answers.ToList()).ToList();
        var question = questions.FindIndex(answers => QuestionOf(answers[0]) == QuestionOf(run));
        var answers = question < 0 ? [] : questions[question];
        return new ChatRun(
            run,
            siblings.Count,
            Place(questions, question, answers => Tip(answers[^1], children)),
            Place(answers, answers.FindIndex(answer => answer.RunId == run.RunId), answer => Tip(answer, children)));
    }

    private static string QuestionOf(RunSummary run) => string.Join('\n', [.. run.Files.Select(file => file.Id), run.Input]);

    private static VersionPlace Place<T>(List<T> versions, int index, Func<T, string> tip) => new(
        index + 1,
        versions.Count,
        index > 0 ? tip(versions[index - 1]) : null,
        index + 1 < versions.Count ? tip(versions[index + 1]) : null);

    // Follows the newest child down; a tree has no cycles, as a parent exists before its child.
    private static string Tip(RunSummary run, ILookup<string, RunSummary> children)
    {
        while (Newest(children[run.RunId].Where(child => !WasRemoved(child))) is { } child)
        {
            run = child;
        }

        return run.RunId;
    }

    private static RunSummary? Newest(IEnumerable<RunSummary> runs) =>
        runs.Max(RunOrder.InSession);
}
