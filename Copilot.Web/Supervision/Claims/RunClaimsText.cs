namespace Copilot.Web.Supervision.Claims;

/// <summary>What people read when they do not get a run into their care.</summary>
internal static class RunClaimsText
{
    /// <summary>Somebody else was quicker.</summary>
    public static string ClaimedBy(string name) => $"{name} has it already.";
}
