namespace Copilot.Domain.Timeline.Text;

/// <summary>A piece of a text as a person sees it.</summary>
/// <param name="Text">What is shown.</param>
/// <param name="IsMark">True where it stands for a character that would not be seen.</param>
public readonly record struct VisiblePart(string Text, bool IsMark);
