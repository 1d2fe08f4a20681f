namespace Copilot.Web.Supervision.Help;

/// <summary>Somebody who helps.</summary>
/// <param name="Id">User id.</param>
/// <param name="Name">Name shown to others.</param>
public sealed record HelpPerson(string Id, string Name);
