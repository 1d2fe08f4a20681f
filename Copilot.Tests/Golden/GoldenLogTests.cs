using System.Reflection;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;

namespace Copilot.Tests.Golden;

/// <summary>Old runs say for ever what they said when they were recorded.</summary>
public sealed class GoldenLogTests
{
    public static TheoryData<string> Names => [.. GoldenLog.Names];

    public static TheoryData<string> FollowUps => [.. GoldenLog.All.Where(log => log.Runs.Count > 1).Select(log => log.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Log_FoldedByTodaysCode_SaysWhatItSaid(string name) =>
        GoldenFiles.Compare($"Results/{name}.json", GoldenResult.Of(GoldenLog.Read(name).Runs));

    [Theory]
    [MemberData(nameof(Names))]
    public void Log_FoldedInTwoBatches_MakesTheSameTimeline(string name)
    {
        foreach (var run in GoldenLog.Read(name).Runs)
        {
            var whole = TimelineReducer.Apply(TimelineState.Empty, run);
            var half = TimelineReducer.Apply(TimelineState.Empty, run.Take(run.Count / 2));

            Assert.Equal(whole.Items.Count, TimelineReducer.Apply(half, run.Skip(run.Count / 2)).Items.Count);
        }
    }

    [Theory]
    [MemberData(nameof(FollowUps))]
    public async Task FollowUp_ReadFromTheStore_HasTheSameConversationBeforeIt(string name)
    {
        var runs = GoldenLog.Read(name).Runs;
        await using var database = await TestDatabase.CreateAsync();
        foreach (var run in runs)
        {
            await database.Events.AppendAsync([new RunAppend(run.Aggregate((RunSummary?)null, RunSummaryFold.Apply)!, run)], CancellationToken.None);
        }

        var creation = RunCreation.Read(runs[^1][0]);
        var history = await new SessionHistory(database.Events, new StorageReads(TimeProvider.System)).ReadAsync(
            creation.ParentRunId, creation.ParentSeq, upstreamStores: false, CancellationToken.None);

        Assert.NotEmpty(history);
        GoldenFiles.Compare(
            $"Results/{name}.history.txt", string.Concat(history.Select(item => System.Text.Encoding.UTF8.GetString(item.Json.Span) + "\n")));
    }

    [Fact]
    public void Logs_HoldEveryEventOfOurOwn()
    {
        var recorded = GoldenLog.Events.Where(one => one.Source is not EventSource.Upstream && !one.IsErased).Select(one => one.Type).ToHashSet();
        var known = typeof(RunEventTypes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!)
            .ToHashSet();

        Assert.Equal(54, known.Count);
        Assert.Equal(known.Order(StringComparer.Ordinal), recorded.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Logs_AreAllThere()
    {
        Assert.Equal(77, GoldenLog.Names.Count);
        Assert.Equal(85, GoldenLog.All.Sum(log => log.Runs.Count));
        Assert.All(GoldenLog.All, log => Assert.NotEmpty(log.Runs));
        Assert.Contains(GoldenLog.Events, one => one.IsErased);
    }
}
