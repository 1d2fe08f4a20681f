using System.Text.RegularExpressions;
using Copilot.Domain.Supervision.Rules;

namespace Copilot.Tests.Supervision.Rules;

/// <summary>Regular expressions that people write: what hangs others is linear here, or is refused with a sentence.</summary>
public sealed class RulePatternTests
{
    [Theory]
    [InlineData(@"(a+)+$")]
    [InlineData(@"(a|aa)+$")]
    [InlineData(@"(.*a){20}$")]
    [InlineData(@"^(([a-z])+.)+[A-Z]([a-z])+$")]
    public void Match_WhatBacktracksForEver_EndsByItself(string pattern)
    {
        Assert.Null(RulePattern.FindProblem(pattern));
        var expression = RulePattern.Create(pattern)!;

        // Without the limit, which a busy machine may reach: a matcher that backtracks would not come back.
        Assert.DoesNotMatch(new Regex(pattern, expression.Options), new string('b', 50_000) + "!");
        Assert.Equal(RulePattern.TimeLimit, expression.MatchTimeout);
    }

    [Theory]
    [InlineData(@"(?=a)b")]
    [InlineData(@"(a)\1")]
    [InlineData(@"(?<!a)b")]
    [InlineData(@"(?>a+)b")]
    public void FindProblem_WhatNeedsBacktracking_IsRefused(string pattern)
    {
        Assert.Equal(RuleSentences.PatternNotSafe, RulePattern.FindProblem(pattern));
        Assert.Null(RulePattern.Create(pattern));
    }

    [Theory]
    [InlineData(@"((a{1,100}){1,100}){1,100}")]
    [InlineData(@"a{101}")]
    [InlineData(@"(a{99}){2,}")]
    [InlineData(@"(.*a.{20}){30}c")]
    [InlineData(@"a{99999999999999999999}")]
    public void FindProblem_WhatIsBuiltLarge_IsRefused(string pattern)
    {
        Assert.Equal(RuleSentences.PatternTooLarge, RulePattern.FindProblem(pattern));
        Assert.Null(RulePattern.Create(pattern));
    }

    [Fact]
    public void FindProblem_NoneAndTooLong_AreRefused()
    {
        Assert.Equal(RuleSentences.PatternLength(0), RulePattern.FindProblem(""));
        Assert.Equal(RuleSentences.PatternLength(201), RulePattern.FindProblem(new string('a', 201)));
        Assert.StartsWith("This is no regular expression: ", RulePattern.FindProblem("("), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(refund|cancel)", "Please CANCEL it", true)]
    [InlineData(@"\d{3,}", "order 500", true)]
    [InlineData(@"\bIBAN\b", "my ibans", false)]
    public void Match_PlainExpressions_IgnoreCase(string pattern, string text, bool matches) =>
        Assert.Equal(matches, RulePattern.Create(pattern)!.IsMatch(text));
}
