using System.Text.Json;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Golden;
using Copilot.Tests.Shared.Hosts;

namespace Copilot.Tests.Runs.Log;

/// <summary>A run that has ended is shown from a fraction of its events, or from all of them where the fraction does not say everything.</summary>
public sealed class EndedRunTests
{
    [Fact]
    public async Task TryReadEnded_GoldenLogs_ShowTheSameOrAskForAllEvents()
    {
        await using var database = await TestDatabase.CreateAsync();
        var feed = new RunFeed(new RunLogs(), database.Events);
        var shorter = 0;
        var whole = 0;
        foreach (var run in GoldenLog.All.SelectMany(log => log.Runs).DistinctBy(run => run[0].RunId))
        {
            await database.Events.AppendAsync([new RunAppend(run.Aggregate((RunSummary?)null, RunSummaryFold.Apply)!, run)], CancellationToken.None);
            var taken = new List<RunEvent>();
            if (!await feed.TryReadEndedAsync(run[0].RunId, taken.AddRange, CancellationToken.None))
            {
                whole++;
                continue;
            }

            shorter += taken.Count < run.Count ? 1 : 0;
            Assert.True(RunEventTypes.IsTerminal(run[^1].Type));
            Assert.Equal(Shown(run), Shown(taken));
        }

        // Else nothing was compared, or nothing was saved.
        Assert.True(shorter > 5);
        Assert.True(whole > 5);
    }

    /// <summary>What a person sees of a run: every item with its texts and its state.</summary>
    private static List<string> Shown(IEnumerable<RunEvent> events)
    {
        var state = TimelineReducer.Apply(TimelineState.Empty, events);
        return
        [
            JsonSerializer.Serialize(new { state.HeadSeq, state.Status, state.Usage, state.Cost, state.Transport }),
            .. state.Items.Select(item => $"{item.GetType().Name} {item.IsOpen} {item.At:O} {item.Superseded?.Seq} {TextOf(item)}"),
        ];
    }

    private static string TextOf(TimelineItem item) => item switch
    {
        TextItem text => string.Join('|', text.Parts.Select(part => $"{part.Kind}:{part.Text}")) + $" {text.Done?.At:O} {text.WasCut}",
        ToolCallItem call => $"{call.Name} {call.Arguments} {call.State} {call.Output}",
        ImageItem image => $"{image.Phase.Current} {image.Image} {image.Partials.Length}",
        HostedToolItem hosted => $"{hosted.ItemType} {hosted.Phase.Current} {hosted.Name.Current} {hosted.Input} {hosted.HasFailed}",
        AttemptItem attempt => $"{attempt.Phase} {attempt.ResponseId.Current} {attempt.Usage.Current}",
        EndItem end => $"{end.Status} {end.Duration} {end.Reason} {end.IncompleteReason}",
        _ => "",
    };
}
