namespace Copilot.Web.Supervision.Help;

/// <summary>The requests that a supervisor may see.</summary>
/// <param name="Open">Those that are open, the longest wait first.</param>
/// <param name="Closed">The last ones that were closed, newest first.</param>
public sealed record HelpInbox(IReadOnlyList<HelpEntry> Open, IReadOnlyList<HelpEntry> Closed);
