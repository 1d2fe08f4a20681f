using System.Globalization;

namespace Copilot.Domain.Tools;

/// <summary>Output for the model when the tool itself gives none.</summary>
internal static class ToolSentences
{
    public static string Unknown(string name, IReadOnlyList<ToolDefinition> known)
    {
        var names = known.Count == 0 ? "There are no tools." : $"The tools are: {string.Join(", ", known.Select(tool => tool.Name))}.";
        return $"There is no tool '{name}'. {names}";
    }

    public static string NotAnObject(string name)
    {
        return $"The arguments of {name} are not a JSON object. Call it again with valid JSON.";
    }

    public static string NotStarted(string name)
    {
        return $"{name} was cancelled before it started; nothing was done.";
    }

    public static string SwitchedOff(string name)
    {
        return $"{name} is switched off at the moment by an administrator, so it was not called and nothing was done. Do not call it again: "
            + "tell the person that this is not possible now, and go on without it if you can.";
    }

    public static string Stopped(ToolDefinition tool, ToolOutcome outcome, TimeSpan deadline)
    {
        var what = outcome == ToolOutcome.TimedOut
            ? string.Create(CultureInfo.InvariantCulture, $"{tool.Name} did not answer within {deadline.TotalSeconds:0.###} s.")
            : $"{tool.Name} was cancelled before it ended.";
        return tool.ReadOnly ? $"{what} It changes nothing, so it may be called again." : $"{what} {UnknownEffect}";
    }

    public static string NotAlone(string name)
    {
        return $"{name} was not called: an earlier call did not end in time and may still be at work, and the two must not overlap. Try again later.";
    }

    public static string Broken(string name, bool isReadOnly)
    {
        var what = $"{name} failed because of an internal error, which was logged.";
        return isReadOnly ? what : $"{what} {UnknownEffect}";
    }

    private const string UnknownEffect = "The outcome is unknown: it may or may not have taken effect. Check before repeating it.";
}
