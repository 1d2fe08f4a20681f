using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Web.Runs;

/// <summary>
/// Why somebody does something about a run. Who does it to another's run says why, whatever it is, and its owner reads it. Each use case
/// asks here before it asks the run.
/// </summary>
internal static class RunReason
{
    /// <summary>Longest reason, in UTF-16 units.</summary>
    public const int MaxLength = 500;

    /// <summary>A reason without what surrounds it; null where it says nothing.</summary>
    public static string? Words(string? reason) => string.IsNullOrWhiteSpace(reason) ? null : reason.Trim();

    /// <summary>Why a command is refused because of its reason; null where that is as it should be.</summary>
    /// <param name="asked">The command.</param>
    /// <param name="run">The run it is for.</param>
    public static CommandResult? ProblemOf(RunCommand asked, RunSummary run) =>
        // The conversation of somebody who has taken over is one intervention, which has its reason.
        asked is RunCommand.Write ? null : ProblemOf(asked.Actor.Id, run, asked.Reason);

    /// <summary>The same, before there is a command.</summary>
    /// <param name="userId">Who asks.</param>
    /// <param name="run">The run it is for.</param>
    /// <param name="reason">Why, or null.</param>
    public static CommandResult? ProblemOf(string userId, RunSummary run, string? reason) =>
        reason?.Length > MaxLength
            ? CommandResult.Refused(RefusalCode.Invalid, RunCommandText.ReasonTooLong(reason.Length, MaxLength), "reason")
            : run.UserId != userId && Words(reason) is null
                ? CommandResult.Refused(RefusalCode.Invalid, RunCommandText.ReasonMissing, "reason")
                : null;
}
