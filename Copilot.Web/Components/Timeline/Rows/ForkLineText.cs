using Copilot.Web.Components.Timeline.Shared;

namespace Copilot.Web.Components.Timeline.Rows;

/// <summary>What the line about the origin of a fork says.</summary>
internal static class ForkLineText
{
    public const string Forked = "Forked from";

    /// <summary>Where a run was forked.</summary>
    public static string ForkedAt(int step) => step > 0 ? $"another run at step {TimelineFigures.Count(step)}" : "another run";

    /// <summary>Which model was chosen.</summary>
    public static string WithModel(string model) => $"with {model}";
}
