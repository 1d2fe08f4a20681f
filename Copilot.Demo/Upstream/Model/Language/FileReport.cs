using System.Globalization;
using System.Text;
using Copilot.Demo.Upstream.Protocol;
namespace Copilot.Demo.Upstream.Model.Language;

/// <summary>Reports the files of a task, so that people see that they reach the model.</summary>
internal static class FileReport
{
    /// <summary>Puts the report before the plan's message, or in place of it.</summary>
    public static ModelPlan Prepend(ModelPlan plan, IReadOnlyList<ReceivedFile> files, bool alone) =>
        files.Count == 0 || plan.Steps is not [PlannedMessage message]
            ? plan
            : plan with { Steps = [new PlannedMessage(alone ? Of(files) : $"{Of(files)}\n\n{message.Text}")] };

    /// <summary>One line for each file, with the start of a text.</summary>
    public static string Of(IReadOnlyList<ReceivedFile> files)
    {
        var text = new StringBuilder(files.Count == 1 ? "I received one file:\n" : $"I received {files.Count} files:\n");
        foreach (var file in files)
        {
            text.Append("\n- ").Append(file.Name is { } name ? $"**{Plain(name)}**" : "**An image**").Append(", ").Append(Kind(file));
            if (file.Size > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $", {file.Size:N0} bytes");
            }

            if (file.Beginning is { Length: > 0 } beginning)
            {
                text.Append(". It begins:\n\n  ~~~~text\n  ").Append(beginning.Replace("\n", "\n  ", StringComparison.Ordinal).Replace("~~~~", "~~~", StringComparison.Ordinal)).Append("\n  ~~~~\n");
            }
        }

        return text.Append("\n\nI am the demo model: I read sizes and first lines, not meanings.").ToString();
    }

    private static string Kind(ReceivedFile file) =>
        file is { Width: { } width, Height: { } height }
            ? string.Create(CultureInfo.InvariantCulture, $"{Plain(file.MediaType)}, {width} × {height} pixels")
            : Plain(file.MediaType ?? "by its address");

    private static string Plain(string? text) =>
        string.Concat((text ?? string.Empty).Where(character => character is not ('*' or '`' or '[' or ']' or '<' or '>' or '_' or '\n')));
}
