namespace Copilot.Web.Runs.Comments;

/// <summary>A part of a comment.</summary>
/// <param name="Text">What it says.</param>
/// <param name="IsMention">True for an <c>@name</c>.</param>
public sealed record TextPart(string Text, bool IsMention);
