using Copilot.Web.Sessions.Finding;

namespace Copilot.Tests.Sessions.Finding;

/// <summary>A list as an address says it.</summary>
public sealed class RunListRequestTests
{
    private static readonly DateTimeOffset s_readAt = DateTimeOffset.FromUnixTimeMilliseconds(1_795_000_000_000);

    [Theory]
    [InlineData("", "?")]
    [InlineData("?shown=100", "?")]
    [InlineData("?q=pump&sort=cost&order=asc&shown=100", "?q=pump&sort=cost&order=asc")]
    [InlineData("?seen=no", "?seen=no&before=1795000000000")]
    [InlineData("?seen=no&before=1700000000000", "?seen=no&before=1700000000000")]
    [InlineData("?before=1700000000000", "?")]
    public void ToOrigin_OfAList_SaysTheListAndWhenItWasReadWhereThatCounts(string query, string origin)
    {
        var said = RunListRequest.Parse(query).ToOrigin(s_readAt);

        Assert.Equal(origin, said);
        // Said again, by the next run of the list, it is the same.
        Assert.Equal(origin, RunListRequest.Parse(said).ToOrigin(s_readAt.AddHours(1)));
    }

    [Theory]
    [InlineData("?before=-1")]
    [InlineData("?before=99999999999999999999")]
    [InlineData("?before=99999999999999999")]
    [InlineData("?before=soon")]
    public void Parse_OfAMomentThatIsNone_LeavesItOut(string query) => Assert.Null(RunListRequest.Parse(query).SeenBefore);
}
