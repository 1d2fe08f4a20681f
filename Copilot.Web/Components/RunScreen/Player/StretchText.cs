using System.Globalization;
using Copilot.Domain.Costs;
using Copilot.Domain.Replay;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Files;

namespace Copilot.Web.Components.RunScreen.Player;

/// <summary>What is said of a stretch of a run.</summary>
internal static class StretchText
{
    public const string Stretch = "Measured stretch";
    public const string Play = "Play stretch";
    public const string Close = "Close measured stretch";
    public const string Time = "Time";
    public const string Tokens = "Tokens";
    public const string Cost = "Cost";
    public const string ToolTime = "Tools";
    public const string WaitingTime = "Waiting";
    public const string Size = "Size";

    /// <summary>What it took, by name.</summary>
    public static IEnumerable<(string Name, string Value)> Figures(RunStretch stretch, bool showsCosts)
    {
        yield return (Time, TimelineFigures.Duration(stretch.Time));
        yield return (Tokens, $"{Number(stretch.Usage.InputTokens)} in, {Number(stretch.Usage.OutputTokens)} out");
        if (showsCosts)
        {
            yield return (Cost, CostOf(stretch));
        }

        yield return (ToolTime, TimelineFigures.Duration(stretch.ToolTime));
        yield return (WaitingTime, TimelineFigures.Duration(stretch.WaitingTime));
        yield return (Size, FileSize.Format(stretch.Bytes));
    }

    private static string CostOf(RunStretch stretch) => (stretch.CostMicros, stretch.IsCostPartial) switch
    {
        (null, true) => CostText.Unknown,
        (null, false) => RunScreenText.None,
        ({ } micros, var isPartial) => (isPartial ? "at least " : "") + Money.Format(micros, stretch.Currency),
    };

    private static string Number(long tokens) => tokens.ToString("N0", CultureInfo.InvariantCulture);
}
