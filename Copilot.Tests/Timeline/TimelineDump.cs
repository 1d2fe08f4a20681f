using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using Copilot.Domain.Timeline.State;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Tests.Timeline;

/// <summary>Writes everything that is in a state as text, so that two states can be compared whole.</summary>
internal static class TimelineDump
{
    public static string Of(TimelineState state)
    {
        var text = new StringBuilder();
        Write(text, state, "");
        return text.ToString();
    }

    /// <summary>The same with what the folds need to go on, which a clipped state has more of than one that was never folded further.</summary>
    public static string WithIndex(TimelineState state)
    {
        var text = new StringBuilder(Of(state));
        Write(text, state.Index, "");
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value, string indent)
    {
        switch (value)
        {
            case null:
                text.Append("null\n");
                break;

            case GrowingText growing:
                text.Append('"').Append(growing).Append("\" ");
                text.AppendJoin(' ', growing.Marks.Select(mark => $"{mark.End}@{mark.Seq}@{mark.At.UtcTicks}"));
                text.Append(" in ").AppendJoin(' ', growing.Chunks.Select(chunk => $"{chunk.Start}+{chunk.Text.Length}:{chunk.Marks.Length}"));
                text.Append('\n');
                if (growing.Replaced is not null)
                {
                    text.Append(indent).Append("replaced ");
                    Write(text, growing.Replaced, indent);
                }

                break;

            case ReadOnlyMemory<byte> bytes:
                text.Append(Encoding.UTF8.GetString(bytes.Span)).Append('\n');
                break;

            case string or DateTimeOffset or TimeSpan or bool or int or long or double or Enum:
                text.Append(value is DateTimeOffset at ? at.ToString("O", CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture)).Append('\n');
                break;

            case IEnumerable many:
                text.Append('\n');
                foreach (var one in many)
                {
                    text.Append(indent).Append("- ");
                    Write(text, one, indent + "  ");
                }

                break;

            default:
                text.Append(value.GetType().Name).Append('\n');
                foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
                {
                    text.Append(indent).Append("  ").Append(property.Name).Append(": ");
                    Write(text, property.GetValue(value), indent + "    ");
                }

                break;
        }
    }
}
