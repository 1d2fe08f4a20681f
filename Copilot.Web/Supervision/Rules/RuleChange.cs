using Copilot.Web.Runs;

namespace Copilot.Web.Supervision.Rules;

/// <summary>How a change of a rule was taken.</summary>
/// <param name="Result">Accepted, or why not.</param>
/// <param name="Rule">The rule as it is now; null where there is none to show.</param>
internal sealed record RuleChange(CommandResult Result, Rule? Rule)
{
    /// <summary>Refused, with nothing to show.</summary>
    public static RuleChange Refused(RefusalCode code, string message, string? field = null) => new(CommandResult.Refused(code, message, field), null);
}
