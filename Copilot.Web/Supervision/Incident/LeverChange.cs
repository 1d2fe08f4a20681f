using Copilot.Web.Runs;

namespace Copilot.Web.Supervision.Incident;

/// <summary>How a change of a lever was taken.</summary>
/// <param name="Result">Accepted, or why not.</param>
/// <param name="Lever">The lever as it is now, where there is one: also the one that somebody set before.</param>
internal sealed record LeverChange(CommandResult Result, Lever? Lever)
{
    /// <summary>Refused, with nothing to show.</summary>
    public static LeverChange Refused(RefusalCode code, string message, string? field = null) => new(CommandResult.Refused(code, message, field), null);
}
