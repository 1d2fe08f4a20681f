namespace Copilot.Web.Supervision.Help;

/// <summary>What people read when a request for help is not taken as they meant it.</summary>
internal static class HelpRequestsText
{
    public const string ReasonMissing = "Say in a few words what you need help with.";
    public const string Gone = "This request for help no longer exists.";
    public const string Closed = "This request for help was closed meanwhile.";
    public const string OwnRequest = "You asked for this yourself, so someone else has to accept it.";
    public const string AskDenied = "You don't have permission to ask for help in this conversation.";

    /// <summary>The reason is too long.</summary>
    public static string ReasonTooLong(int length, int limit) =>
        FormattableString.Invariant($"Your reason has {length:N0} characters. The limit is {limit:N0}.");

    /// <summary>Somebody else was quicker.</summary>
    public static string AcceptedBy(string name) => $"{name} has accepted this already.";

    /// <summary>Somebody whose account is not there any more.</summary>
    public const string Somebody = "a former colleague";
}
