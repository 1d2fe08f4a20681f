namespace Copilot.Domain.Runs.Input;

/// <summary>What the model reads of what people did about its run: a supervisor who wrote to it, a person who answered in its place.</summary>
internal static class InterventionText
{
    /// <summary>What a supervisor says to the agent.</summary>
    public static string FromSupervisor(string text) => $"[A supervisor, not the user, says to you:] {text}";

    /// <summary>Somebody answered in the agent's place.</summary>
    /// <param name="reason">Why they did, or null.</param>
    /// <param name="said">What was said meanwhile, in order; each with who said it.</param>
    /// <param name="handedBack">False where the run ended before.</param>
    /// <param name="note">What they leave to the agent, or null.</param>
    public static string TakenOver(string? reason, IReadOnlyList<string> said, bool handedBack, string? note) => string.Join(
        '\n',
        [
            $"[Note of the system: here a person took over and answered the user in your place.{Labelled(" Their reason: ", reason)}",
            .. said.Count == 0 ? ["Nothing was said meanwhile."] : said.Prepend("What was said meanwhile:"),
            handedBack
                ? $"You answer again now.{Labelled(" Their note for you: ", note)} Do not repeat what was said or done.]"
                : "You were not asked to go on.]",
        ]);

    /// <summary>What the person in the agent's place said to the user.</summary>
    public static string InPlace(string text) => $"- The person in your place: {text}";

    /// <summary>What the user said to the person in the agent's place.</summary>
    public static string ToPerson(string text) => $"- The user: {text}";

    private static string Labelled(string label, string? text) => string.IsNullOrWhiteSpace(text) ? "" : label + text.Trim();
}
