namespace Copilot.Web.Runs.Forking;

/// <summary>What people read when a run cannot be forked: what happened, and what to do.</summary>
internal static class ForkRunText
{
    public const string Deleted = "The content of this run was deleted, or is being deleted. There is nothing left to run again.";
    public const string OriginHidden = "This run goes on from one that you may not see, so you can't run it again. Ask whoever started it, or an admin.";
    public const string NothingYet = "This run has no step yet. Wait until it has begun.";
    public const string TooLong = "This run is too long to be run again.";
    public const string NoSuchCall = "Several calls belong to this step. Say which one with the number of one of its events.";
    public const string NoCall = "No tool call here has arguments that can be changed.";
    public const string HostedCall = "The model provider carries this call out itself, so its arguments can't be changed. Run it again from its step instead.";
    public const string OtherModel = "This model can't be chosen. Choose the run's own, or one that has a price.";

    private const string Before = "Fork of ";

    /// <summary>There is no such event.</summary>
    public static string NoSuchEvent(long head) => FormattableString.Invariant($"The run has no such event. Its events are 1 to {head:N0}.");

    /// <summary>Where it was forked, for the access log.</summary>
    public static string ForkedAt(long seq) => FormattableString.Invariant($"from event {seq}");

    /// <summary>What a fork's conversation is called.</summary>
    public static string Title(string title) => title.StartsWith(Before, StringComparison.Ordinal) ? title : Before + title;
}
