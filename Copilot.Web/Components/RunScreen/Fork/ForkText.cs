using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Forks;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Text;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Runs.Forking;

namespace Copilot.Web.Components.RunScreen.Fork;

/// <summary>What is said where a run is carried out again from a step on.</summary>
internal static class ForkText
{
    public const string Menu = "Run again…";
    public const string Title = "Run again from a step";
    public const string Loading = "Reading the steps";
    public const string From = "From";
    public const string Change = "What changes";
    public const string AskAgain = "Ask the model again";
    public const string Message = "Message";
    public const string Besides = "Add a message (optional)";
    public const string Arguments = "Arguments";
    public const string Model = "Model";
    public const string Again = "Done again";
    public const string AgainDetails = "The agent decides again and may use other tools. In the original run it used these from here on:";
    public const string NothingAgain = "No tool was used from here on. The agent may use some now.";
    public const string Taken = "Copied from the original run, not done again";
    public const string NothingTaken = "Nothing came before.";
    public const string Yours = "This starts a new conversation of your own. The original run doesn't change. If it is deleted, this conversation is deleted with it.";
    public const string Start = "Start";
    public const string Cancel = "Cancel";

    public const string ForkedFrom = "Forked from";
    public const string Family = "Forks";
    public const string Compare = "Compare with it";
    public const string NoLongerVisible = "a run that you can't see";

    private const int LongestName = 80;
    private const int MostCalls = 12;

    /// <summary>A step in the list of steps.</summary>
    public static string Step(ForkStep step, TimelineNames names) => step switch
    {
        { IsMessage: true } => $"{step.Number}. Question: {Short(step.Text.Length > 0 ? step.Text : RunScreenText.NoQuestion)}",
        { Calls.Count: > 0 } => $"{step.Number}. {string.Join(", ", step.Calls.Select(call => Tool(call, names)))}",
        { Text.Length: > 0 } => $"{step.Number}. Answer: {Short(step.Text)}",
        _ => $"{step.Number}. Response",
    };

    /// <summary>A call whose arguments can be changed.</summary>
    public static string Other(ForkCall call, TimelineNames names) => $"{Tool(call, names)}: other arguments";

    /// <summary>What a tool is called.</summary>
    public static string Tool(ForkCall call, TimelineNames names) => call.IsHosted ? TimelineNames.Humanize(call.Name) : names.Tool(call.Name);

    /// <summary>What carrying out a call once more means.</summary>
    public static string Effect(ForkEffect effect) => effect switch
    {
        ForkEffect.Reads => ToolCallText.ReadsOnly,
        ForkEffect.Writes => ToolCallText.ChangesData,
        ForkEffect.NeedsApproval => "asks for approval again",
        ForkEffect.AtProvider => "at the model provider",
        _ => "no longer available",
    };

    /// <summary>Calls by their tool, in the order of their first; what is more than people read is counted.</summary>
    public static IEnumerable<(ForkCall Call, int Count)> Grouped(IReadOnlyList<ForkCall> calls) =>
        calls.GroupBy(call => (call.Name, call.IsHosted)).Take(MostCalls).Select(group => (group.First(), group.Count()));

    /// <summary>How often a tool was called, where that is more than once.</summary>
    public static string Times(int count) => count == 1 ? "" : $" ×{TimelineFigures.Count(count)}";

    /// <summary>Where a run was forked.</summary>
    public static string At(ForkSource fork) => fork.Step > 0 ? $"a run at step {TimelineFigures.Count(fork.Step)}" : "a run";

    /// <summary>A fork in the list of forks.</summary>
    public static string Fork(RunSummary fork, TimeZoneInfo zone) =>
        $"{(fork.ForkedFrom is { Step: > 0 and var step } ? $"Step {TimelineFigures.Count(step)}, " : "")}{RunScreenText.Moment(fork.CreatedAt, zone)}";

    private static string Short(string text) => VisibleText.Of(text.Length > LongestName ? text[..LongestName] + "…" : text, oneLine: true);
}
