using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Components.Timeline.Shared;

namespace Copilot.Web.Components.RunScreen.Player;

/// <summary>What the runs of a conversation are called where they stand beside one another.</summary>
internal static class SessionStripText
{
    public const string Runs = "Runs of the conversation";

    /// <summary>A run.</summary>
    public static string Title(RunSummary run) => run.Input.Trim() is { Length: > 0 } asked ? asked : RunScreenText.NoQuestion;

    /// <summary>A run with how it stands and how long it took.</summary>
    public static string Details(RunSummary run) => $"{Title(run)} · {RunScreenText.Status(run.Status)} · {TimelineFigures.Duration(run.LastEventAt - run.CreatedAt)}";
}
