namespace Copilot.Web.Supervision.Claims;

/// <summary>Why a run is in somebody's care no longer. Stored, so a value may be added and never changed.</summary>
internal static class ClaimEnd
{
    /// <summary>They gave it back.</summary>
    public const string Released = "released";

    /// <summary>The run has ended and left the wall.</summary>
    public const string RunEnded = "run_ended";

    /// <summary>They may not look after this run any more: their role or team changed, or their account was locked.</summary>
    public const string AccessEnded = "access_ended";
}
