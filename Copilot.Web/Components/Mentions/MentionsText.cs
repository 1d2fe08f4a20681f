using System.Globalization;
using Copilot.Web.Components.RunScreen;
using Copilot.Web.Runs.Comments;

namespace Copilot.Web.Components.Mentions;

/// <summary>What the list of mentions says.</summary>
internal static class MentionsText
{
    public const string Mentions = "Mentions";
    public const string Loading = "Loading your mentions";
    public const string NotLoadedTitle = "Your mentions couldn't be loaded";
    public const string NotLoaded = "Mentions can't be read at the moment. Trying again…";
    public const string Empty = "Nobody has mentioned you yet. When somebody writes @ and your name in a comment on a run, it appears here.";
    public const string NotRead = "Unread";
    public const string OwnRun = "in your run";

    /// <summary>How many were not read, beside the link.</summary>
    public static string Count(int count) => count == 1 ? "1 unread mention" : string.Create(CultureInfo.InvariantCulture, $"{count} unread mentions");

    /// <summary>Who wrote it.</summary>
    public static string Author(Mention mention) => mention.Author ?? RunScreenText.SomebodyElse;

    /// <summary>In whose run.</summary>
    public static string Where(Mention mention) => mention.IsOwn ? OwnRun : $"in a run of {mention.Owner ?? RunScreenText.SomebodyElse}";
}
