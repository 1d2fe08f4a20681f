namespace Copilot.Web.Supervision.Help;

/// <summary>A request as supervisors see it in their inbox.</summary>
/// <param name="Request">The request.</param>
/// <param name="Person">Name of the person whose run it is.</param>
/// <param name="Title">Title of the conversation.</param>
/// <param name="Reason">Why; empty once the conversation's content was deleted.</param>
public sealed record HelpEntry(HelpRequest Request, string Person, string Title, string Reason);
