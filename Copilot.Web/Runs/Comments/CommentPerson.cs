namespace Copilot.Web.Runs.Comments;

/// <summary>Somebody who may see a run, or wrote about it.</summary>
/// <param name="Id">The person.</param>
/// <param name="Name">What others call them.</param>
public sealed record CommentPerson(string Id, string Name);
