using System.Globalization;
using Copilot.Web.Sessions.Finding;
using Copilot.Web.Storage.Search.Review;

namespace Copilot.Web.Components.RunScreen.Review;

/// <summary>What is said where somebody goes through the runs of a list.</summary>
internal static class ReviewText
{
    public const string Review = "Runs in this list";
    public const string Previous = "Previous run in this list (Alt+[)";
    public const string Next = "Next run in this list (Alt+])";
    public const string NextUnseen = "Next unseen";
    public const string NextUnseenTitle = "The next run in this list that you haven't seen (N)";
    public const string AllSeen = "All seen";
    public const string MarkUnseen = "Mark as unseen";
    public const string MarkedUnseen = "Marked as unseen";
    public const string NotSaved = "This couldn't be saved. You can try again.";
    public const string KeyUnseen = "The next run in this list that you haven't seen";

    /// <summary>Where the run stands: 3 of 41.</summary>
    public static string Place(RunPlace place) => place.Place is { } here ? $"{Number(here)} of {Count(place.Count)}" : $"{Count(place.Count)} runs";

    /// <summary>How many are left.</summary>
    public static string Unseen(RunPlace place) => $"{NextUnseen} ({Count(place.Unseen)})";

    private static string Count(int count) => count >= RunListReview.MaxCount ? $"{Number(RunListReview.MaxCount)}+" : Number(count);

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
