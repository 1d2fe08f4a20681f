using System.Text;
using Copilot.Domain.Replay;
using Copilot.Domain.Replay.Export;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Components.Timeline.Shared;

namespace Copilot.Web.Components.RunScreen.Export;

/// <summary>A file to take along. The preview is made of the same value.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ContentType">Its type.</param>
/// <param name="Bytes">What is in it.</param>
/// <param name="Preview">How its conversation reads, as it is in the file.</param>
internal sealed record ExportedFile(string Name, string ContentType, byte[] Bytes, string Preview)
{
    private const int LongestPreview = 4000;

    /// <summary>Makes the file.</summary>
    /// <param name="runs">Each run's events, all of them.</param>
    /// <param name="clip">The measured stretch, where it is chosen.</param>
    /// <param name="choice">What is exported, and how.</param>
    /// <param name="names">What people and tools are called.</param>
    /// <param name="zone">The viewer's zone.</param>
    public static ExportedFile Make(IReadOnlyList<IReadOnlyList<RunEvent>> runs, SeqRange? clip, ExportChoice choice, TimelineNames names, TimeZoneInfo zone)
    {
        var range = choice.Scope is ExportScope.Clip ? clip : null;
        var export = RunExport.Of(runs, range, choice.Redaction);

        // A page is folded from the beginning; what was over before a stretch is left out of it afterwards.
        var whole = range is null ? export : RunExport.Of(runs, null, choice.Redaction);
        var covered = choice.Redaction.Names ? TimelineNames.None : names;
        var perRun = whole.Events.GroupBy(one => one.RunId).Select(run => (IReadOnlyList<RunEvent>)run.ToList()).ToList();
        var text = ConversationMarkdown.Of(
            perRun.Select(run => TimelineReducer.Apply(TimelineState.Empty, range is null ? run : run.Where(one => one.Seq <= range.Last))), covered);
        var name = runs.Count > 0 && runs[0].Count > 0 ? runs[0][0].RunId : "run";
        var preview = text.Length <= LongestPreview ? text : text[..(char.IsHighSurrogate(text[LongestPreview - 1]) ? LongestPreview - 1 : LongestPreview)] + "…";
        return choice.Format switch
        {
            ExportFormat.Lines => new($"{name}.jsonl", "application/jsonl", export.ToUtf8().ToArray(), preview),
            ExportFormat.Markdown => new($"{name}.md", "text/markdown", Encoding.UTF8.GetBytes(text), preview),
            _ => new(
                $"{name}.html",
                "text/html",
                ReplayFile.Make([.. perRun.Select(run => ReplayRun.Of(run, range, covered, zone))], ExportText.Covered(choice.Redaction.Words)),
                preview),
        };
    }
}
