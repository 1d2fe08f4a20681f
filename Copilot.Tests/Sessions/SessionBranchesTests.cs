using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Sessions;

namespace Copilot.Tests.Sessions;

public sealed class SessionBranchesTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    private static readonly VersionPlace s_only = new(1, 1, null, null);

    [Fact]
    public void Path_ChainOfRuns_IsFromRootToTip()
    {
        var path = SessionBranches.Path([Run("c", "b", 3), Run("a", null, 1), Run("b", "a", 2)], "c");

        Assert.Equal(["a", "b", "c"], path.Select(one => one.Run.RunId));
        Assert.All(path, one => Assert.Equal(s_only, one.Question));
        Assert.All(path, one => Assert.Equal(s_only, one.Answer));
    }

    [Fact]
    public void Path_RetriedRun_KnowsItsSiblingsAndTheirTips()
    {
        RunSummary[] runs = [Run("a", null, 1), Run("b1", "a", 2), Run("c", "b1", 3), Run("b2", "a", 4)];

        var second = SessionBranches.Path(runs, "b2")[^1];
        var first = SessionBranches.Path(runs, "c")[1];

        Assert.Equal(new ChatRun(runs[3], 2, s_only, new VersionPlace(2, 2, "c", null)), second);
        Assert.Equal(new ChatRun(runs[1], 2, s_only, new VersionPlace(1, 2, null, "b2")), first);
    }

    [Fact]
    public void Path_ClockWasSetBackBetweenTwoAnswers_TheLaterOneIsTheNewest()
    {
        RunSummary[] runs = [Run("a", null, 1) with { Ordinal = 1 }, Run("b1", "a", 9) with { Ordinal = 2 }, Run("b2", "a", 5) with { Ordinal = 3 }];

        Assert.Equal(["a", "b2"], SessionBranches.Path(runs, tip: null).Select(one => one.Run.RunId));
        Assert.Equal(new VersionPlace(2, 2, "b1", null), SessionBranches.Path(runs, "b2")[^1].Answer);
    }

    [Fact]
    public void Path_RetriedAndEdited_CountsAnswersAndQuestionsApart()
    {
        RunSummary[] runs =
        [
            Run("a", null, 1), Run("again", null, 2), Run("edited", null, 3) with { Input = "Something else" }, Run("child", "edited", 4),
        ];

        var first = SessionBranches.Path(runs, "again").Single();
        var edited = SessionBranches.Path(runs, "child")[0];

        Assert.Equal(new VersionPlace(1, 2, null, "child"), first.Question);
        Assert.Equal(new VersionPlace(2, 2, "a", null), first.Answer);
        Assert.Equal(new VersionPlace(2, 2, "again", null), edited.Question);
        Assert.Equal(s_only, edited.Answer);
        Assert.Equal(3, edited.Branches);
    }

    [Fact]
    public void Path_EditedFirstMessage_HasSiblingRoots()
    {
        var path = SessionBranches.Path([Run("a", null, 1), Run("b", null, 2) with { Input = "Another" }], "b");

        Assert.Equal(2, path[0].Branches);
        Assert.Equal(new VersionPlace(2, 2, "a", null), path[0].Question);
    }

    [Fact]
    public void Path_RunRemovedFromTheQueue_IsPassedOver()
    {
        var removed = Run("b", "a", 2) with { Status = RunStatus.Cancelled, StartedAt = null };

        var path = SessionBranches.Path([Run("a", null, 1), removed, Run("c", "b", 3)], "c");

        Assert.Equal(["a", "c"], path.Select(one => one.Run.RunId));
    }

    [Fact]
    public void Path_UnknownTip_EndsAtTheNewest()
    {
        var path = SessionBranches.Path([Run("a", null, 1), Run("b", "a", 2)], "gone");

        Assert.Equal(["a", "b"], path.Select(one => one.Run.RunId));
    }

    [Fact]
    public void Path_NoRuns_IsEmpty() => Assert.Empty(SessionBranches.Path([], null));

    private static RunSummary Run(string id, string? parent, int minute) => new()
    {
        RunId = id,
        SessionId = "ses_1",
        UserId = "usr_1",
        TeamId = "tem_1",
        ParentRunId = parent,
        AgentName = "Copilot",
        Model = "m",
        Status = RunStatus.Completed,
        CreatedAt = s_start.AddMinutes(minute),
        StartedAt = s_start.AddMinutes(minute),
    };
}
