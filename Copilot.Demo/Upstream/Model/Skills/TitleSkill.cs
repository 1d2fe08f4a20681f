using System.Text.RegularExpressions;

namespace Copilot.Demo.Upstream.Model.Skills;

/// <summary>Writes a title for a conversation when the instructions ask for one: what its question is about, in the question's own words.</summary>
internal sealed partial class TitleSkill : ISkill
{
    private const int MaxWords = 6;

    // Without them a question is still understood.
    private static readonly HashSet<string> s_fillers = new(StringComparer.OrdinalIgnoreCase)
    {
        "a", "an", "the", "please", "do", "does", "did", "we", "i", "you", "me", "us", "is", "are", "was", "can", "could", "would", "will",
        "what", "which", "who", "how", "many", "much", "show", "tell", "give", "have", "has", "and", "then", "there", "this", "that", "of",
        "about", "our", "my", "your", "when", "where", "why", "it", "its", "to", "be", "all",
    };

    public ModelPlan? TryPlan(ModelTurn turn) =>
        Asked().IsMatch(turn.Instructions) ? ModelPlan.Answer(TitleOf(Question().Match(turn.Task) is { Success: true } match ? match.Groups["text"].Value : turn.Task)) : null;

    private static string TitleOf(string question)
    {
        var line = FirstSentence().Match(question.Trim()).Value;
        var words = Word().Matches(line).Select(match => match.Value).ToArray();
        var telling = words.Where(word => !s_fillers.Contains(word)).ToArray();
        var title = string.Join(' ', (telling.Length > 0 ? telling : words).Take(MaxWords));
        return title.Length == 0 ? "Conversation" : char.ToUpperInvariant(title[0]) + title[1..];
    }

    [GeneratedRegex(@"^\s*Write a title\b", RegexOptions.IgnoreCase)]
    private static partial Regex Asked();

    [GeneratedRegex(@"^Question:\s*(?<text>.*?)(?:\n\s*\nAnswer:|$)", RegexOptions.Singleline)]
    private static partial Regex Question();

    [GeneratedRegex(@"^[^.?!\n]*")]
    private static partial Regex FirstSentence();

    [GeneratedRegex(@"[\p{L}\p{N}][\p{L}\p{N}\p{M}'’/-]*")]
    private static partial Regex Word();
}
