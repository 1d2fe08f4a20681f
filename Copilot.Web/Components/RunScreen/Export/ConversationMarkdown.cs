using System.Text;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Components.Timeline.Shared;

namespace Copilot.Web.Components.RunScreen.Export;

/// <summary>A conversation as Markdown: what people asked and said, and what was answered. How it was done is not in it.</summary>
internal static class ConversationMarkdown
{
    /// <summary>The runs of a conversation, oldest first.</summary>
    public static string Of(IEnumerable<TimelineState> runs, TimelineNames names)
    {
        var text = new StringBuilder();
        foreach (var run in runs)
        {
            foreach (var item in run.Items)
            {
                switch (item)
                {
                    case UserMessageItem { Text.Length: > 0 } message:
                        Say(text, message.Actor is { } asker ? names.Of(asker) : ExportText.Question, message.Text);
                        break;
                    case SteerItem { Text.Length: > 0 } steer:
                        Say(text, TimelineText.Message(steer.Actor, names), steer.Text);
                        break;
                    case InterventionItem { Text.Length: > 0 } wrote:
                        Say(text, TimelineText.Intervention(wrote, names), wrote.Text);
                        break;
                }
            }

            if (run.AnswerText is { Length: > 0 } answer)
            {
                text.Append("**").Append(run.Agent?.Name is { Length: > 0 } agent ? agent : TimelineText.Answer).Append(":**\n\n").Append(answer.Trim()).Append("\n\n");
            }

            if (run.Error is { } error)
            {
                text.Append('*').Append(error.Message).Append("*\n\n");
            }
        }

        return text.ToString();
    }

    // A quotation: whatever a person has written stays words.
    private static void Say(StringBuilder text, string who, string words)
    {
        text.Append("**").Append(who).Append(":**\n\n");
        foreach (var line in words.ReplaceLineEndings("\n").Split('\n'))
        {
            text.Append("> ").Append(line).Append('\n');
        }

        text.Append('\n');
    }
}
