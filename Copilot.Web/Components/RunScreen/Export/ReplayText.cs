using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Text;
using Copilot.Web.Components.Timeline.Shared;

namespace Copilot.Web.Components.RunScreen.Export;

/// <summary>One generation of a text: what it was until the upstream said another one.</summary>
/// <param name="A">Seq of the event that began it.</param>
/// <param name="S">All of it.</param>
/// <param name="M">Where each event's piece of it ends: seq, length.</param>
/// <param name="H">Its Markdown as markup, shown once it is whole; null where it is shown as it stands.</param>
internal sealed record ReplayGeneration(long A, string S, IReadOnlyList<long[]> M, string? H);

/// <summary>A text of an entry: at a playhead it is the last generation that had begun, up to the last mark before it.</summary>
/// <param name="L">What it is headed with; empty for an answer.</param>
/// <param name="G">Its generations, oldest first.</param>
internal sealed record ReplayText(string L, IReadOnlyList<ReplayGeneration> G)
{
    /// <summary>The texts of an entry that are not empty.</summary>
    public static IEnumerable<ReplayText> Of(TimelineItem item) => All(item).Where(text => text.G.Count > 0);

    private static IEnumerable<ReplayText> All(TimelineItem item) => item switch
    {
        UserMessageItem message => [Whole("", message.FromSeq, message.Text)],
        SteerItem steer => [Whole("", steer.FromSeq, steer.Text)],
        InterventionItem done => [Whole("", done.FromSeq, done.Text)],
        AnswerItem { IsStructured: true } answer => answer.Parts.Select(part => Growing("", part.Text, isMarkdown: part.Kind is not TextPartKind.Answer)),
        TextItem text => text.Parts.Select(part => Growing("", part.Text, isMarkdown: true)),
        ToolCallItem call =>
        [
            Growing(ToolCallText.Arguments, call.Arguments, isMarkdown: false),
            .. call.Approval.Steps.Where(step => step.Value.Arguments is not null).Select(step => Whole(ToolCallText.ApprovedWithChanges, step.Seq, step.Value.Arguments)),
            .. call.Steps.Steps.Where(step => step.Value.Output is not null).Select(step => Whole(ToolCallText.Result, step.Seq, step.Value.Output)),
        ],
        CommandItem command =>
        [
            .. command.Commands.Select(one => Growing(ToolCallText.Input, one.Text, isMarkdown: false)),
            .. command.Outputs.Select(one => Growing(ToolCallText.Result, one.Text, isMarkdown: false)),
        ],
        McpCallItem call => [Growing(ToolCallText.Arguments, call.Input, isMarkdown: false), .. call.FactSteps.Steps.Where(step => step.Value.Output is not null).Take(1).Select(step => Whole(ToolCallText.Result, step.Seq, step.Value.Output!.Text))],
        HostedToolItem hosted => [Growing(ToolCallText.Input, hosted.Input, isMarkdown: false)],
        _ => [],
    };

    private static ReplayText Whole(string label, long seq, string? text) =>
        new(label, string.IsNullOrEmpty(text) ? [] : [new ReplayGeneration(seq, text, [[seq, text.Length]], null)]);

    private static ReplayText Growing(string label, GrowingText? text, bool isMarkdown)
    {
        var generations = new List<ReplayGeneration>();
        for (; text is not null; text = text.Replaced)
        {
            var marks = text.Marks.Select(mark => new[] { mark.Seq, mark.End }).ToList();
            if (marks.Count > 0)
            {
                generations.Add(new ReplayGeneration(marks[0][0], text.ToString(), marks, isMarkdown ? MarkdownMarkup.Of(text) : null));
            }
        }

        generations.Reverse();
        return new ReplayText(label, generations);
    }
}
