using System.Globalization;
using System.Text;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace Copilot.Web.Diagnostics;

/// <summary>
/// Writes a log event as one line of plain text: control characters and line breaks of values are escaped, so that nobody can forge a line
/// or drive the terminal. The lines of an exception are indented.
/// </summary>
internal sealed class PlainLineFormatter : ITextFormatter
{
    private const string Indent = "    ";

    private static readonly MessageTemplateTextFormatter s_head =
        new("{Timestamp:HH:mm:ss} {Level:u3} {TraceId} ", CultureInfo.InvariantCulture);

    private static readonly MessageTemplateTextFormatter s_message = new("{Message:lj}", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        s_head.Format(logEvent, output);
        using var message = new StringWriter(CultureInfo.InvariantCulture);
        s_message.Format(logEvent, message);
        output.WriteLine(Escape(message.ToString()) + StrangerLines.Note(logEvent));
        if (logEvent.Exception is { } exception)
        {
            foreach (var line in exception.ToString().Split('\n'))
            {
                output.WriteLine(Indent + Escape(line.TrimEnd('\r')));
            }
        }
    }

    private static string Escape(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            _ = character switch
            {
                '\n' => line.Append("\\n"),
                '\r' => line.Append("\\r"),
                '\t' => line.Append("\\t"),
                _ when IsHidden(character) => line.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => line.Append(character),
            };
        }

        return line.ToString();
    }

    private static bool IsHidden(char character) => char.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
