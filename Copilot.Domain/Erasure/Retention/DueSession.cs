namespace Copilot.Domain.Erasure.Retention;

/// <summary>A conversation that a rule erases.</summary>
/// <param name="SessionId">The conversation.</param>
/// <param name="Rule">The rule as deletion records name it.</param>
public sealed record DueSession(string SessionId, string Rule)
{
    /// <summary>How a rule is named.</summary>
    /// <param name="scope">What it is about; null for <see cref="RetentionOptions.Days"/>.</param>
    /// <param name="subjectId">The agent or the conversation.</param>
    /// <param name="days">Its days; null for until the conversation is closed.</param>
    public static string NameOf(RetentionScope? scope, string subjectId, int? days)
    {
        var when = days is { } count ? $"{count} days" : "when closed";
        return scope switch
        {
            RetentionScope.Agent => $"agent {subjectId}: {when}",
            RetentionScope.Session => $"conversation: {when}",
            _ => $"Retention:Days={days}",
        };
    }
}
