using System.Globalization;
using Copilot.Web.Sessions.Finding;
using Copilot.Web.Storage.Search.Review;

namespace Copilot.Web.Components.RunScreen.Review;

/// <summary>What is said where somebody goes through the runs of a list.</summary>
internal static class ReviewText
{
    public const string Queue = "Runs of the list";
    public const string Previous = "Previous run of the list (Alt+[)";
    public const string Next = "Next run of the list (Alt+])";
    public const string NextUnseen = "Next not seen";
    public const string NextUnseenTitle = "The next run of the list that you haven't seen (N)";
    public const string AllSeen = "All seen";
    public const string MarkUnseen = "Mark as not seen";
    public const string MarkedUnseen = "Marked as not seen";
    public const string NotSaved = "This couldn't be saved. You can try again.";
    public const string KeyUnseen = "The next run of the list that you haven't seen";

    /// <summary>Where the run stands: 3 of 41.</summary>
    public static string Place(RunPlace place) => place.Place is { } here ? $"{Number(here)} of {Count(place.Count)}" : $"{Count(place.Count)} runs";

    /// <summary>How many are left.</summary>
    public static string Unseen(RunPlace place) => $"{NextUnseen} ({Count(place.Unseen)})";

    private static string Count(int count) => count >= RunQueue.MaxCount ? $"{Number(RunQueue.MaxCount)}+" : Number(count);

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
