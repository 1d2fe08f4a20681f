using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Copilot.Domain.Runs.Questions;

/// <summary>The arguments of <see cref="AskUserTool"/>.</summary>
/// <param name="Question">What the agent wants to know.</param>
/// <param name="Choices">Answers to choose from, or null.</param>
/// <param name="AllowText">Whether the person may write an answer of their own; null for yes.</param>
internal sealed record UserQuestion(
    [property: Description("The question, in the person's language."), StringLength(500, MinimumLength = 1)] string Question,
    [property: Description("Up to 6 short answers to choose from; null where the person writes the answer.")] IReadOnlyList<string>? Choices,
    [property: Description("False where only the choices make sense; null or true lets the person write something else.")] bool? AllowText);
