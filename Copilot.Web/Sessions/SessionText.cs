namespace Copilot.Web.Sessions;

/// <summary>What a page's commands answer when they did not do what a person asked for: what happened, and what to do.</summary>
internal static class SessionText
{
    public const string PageOutOfDate = "This page is out of date. Reload it and send your message again.";

    public const string RunHasEnded = "The run has ended. Send this as your next message.";

    public const string MessageSlow = "Your message hasn't been saved yet because storage is not responding. You can send it again.";
    public const string CommandSlow = "This hasn't been saved yet because storage is not responding. You can try again.";

    public const string DecisionSlow = "Your decision hasn't been saved yet because storage is not responding. You can decide again.";

    public const string RenameFailed = "The conversation couldn't be renamed.";
    public const string ChangeFailed = "The conversation couldn't be changed. You can try again.";
    public const string UndoFailed = "It is too late to undo this: the content is being deleted.";

    public const string FaultsNotOffered = "Outages can only be simulated with the demo model, and another one is in use.";
    public const string FaultsForAdmins = "Only admins can simulate an outage. Ask one of them.";
    public const string UnknownFault = "There is no such fault. Choose one from the list.";
    public const string UnknownNetwork = "There is no such network. Choose one from the list.";

    /// <summary>A conversation, or what is in it, could not be deleted.</summary>
    public static string DeleteFailed(bool whole) => $"{What(whole)} couldn't be deleted.";

    /// <summary>The same, because nothing can be stored.</summary>
    public static string DeleteNotSaved(bool whole) => $"{What(whole)} couldn't be deleted because storage is unavailable. You can try again.";

    /// <summary>How often a fault may be injected.</summary>
    public static string FaultTimes(int limit) => $"Choose a number from 1 to {limit}.";

    private static string What(bool whole) => whole ? "The conversation" : "The conversation's content";
}
