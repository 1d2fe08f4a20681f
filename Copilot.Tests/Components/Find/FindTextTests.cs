using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Components.Find;
using Copilot.Web.Storage.Search;

namespace Copilot.Tests.Components.Find;

/// <summary>What a row of the list of runs says.</summary>
public sealed class FindTextTests
{
    [Theory]
    [InlineData(7_652, false, "< 0.01 EUR", "0.007652 EUR")]
    [InlineData(1_234_567, false, "1.23 EUR", "1.23 EUR")]
    [InlineData(54_321, true, "at least 0.05 EUR", "at least 0.0543 EUR")]
    [InlineData(0, true, FindText.None, "at least 0.00 EUR")]
    public void Cost_OfARun_ReadsAsElsewhere(long micros, bool isPartial, string text, string inFull)
    {
        var run = Run() with { CostMicros = micros, IsCostPartial = isPartial };

        Assert.Equal(text, FindText.Cost(run));
        Assert.Equal(inFull, FindText.CostInFull(run));
    }

    private static FoundRun Run() => new()
    {
        RunId = "run_1", SessionId = "ses_1", Title = "", Input = "a", PersonId = "usr_1", Person = "Ada", TeamId = "team_1", Team = "Office", Agent = "Assistant", Model = "",
        Status = RunStatus.Completed, Transport = null, ErrorCode = null, Tools = [], ToolCalls = 0, Tokens = 0, CostMicros = 0, Currency = "EUR", IsCostPartial = false,
        HasIntervention = false, CreatedAt = DateTimeOffset.UnixEpoch, CompletedAt = null, Duration = TimeSpan.Zero, IsErased = false, IsSeen = true,
        Cursor = new RunCursor(0, "run_1"),
    };
}
