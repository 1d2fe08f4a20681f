using Copilot.Domain.Runs.Events;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Web.Components.Timeline.Shared;

/// <summary>
/// What people and tools are called in a timeline, and what its reader is shown. Where nothing is known, a person is their role and a
/// tool is its name in words.
/// </summary>
/// <param name="tools">Titles of tools by their names.</param>
public sealed class TimelineNames(IReadOnlyDictionary<string, string> tools)
{
    private readonly Dictionary<string, string> _people = [];

    /// <summary>Knows nothing.</summary>
    public static TimelineNames None { get; } = new(new Dictionary<string, string>());

    /// <summary>Whether the reader is shown what a run cost.</summary>
    public bool ShowsCosts { get; init; } = true;

    /// <summary>Whether the reader can change settings.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>The names of people that are known.</summary>
    public IEnumerable<string> People => _people.Values;

    /// <summary>True when this person's name is not known yet.</summary>
    public bool IsUnknown(EventActor actor) => !_people.ContainsKey(actor.Id);

    /// <summary>Says what a person is called; null for somebody who is not there any more.</summary>
    public void Know(EventActor actor, string? name) => _people[actor.Id] = name ?? actor.Role.ToLowerInvariant();

    /// <summary>The person's name, else their role.</summary>
    public string Of(EventActor actor) => actor.Role == EventActor.RuleRole ? TimelineText.ARule : _people.TryGetValue(actor.Id, out var name) ? name : actor.Role.ToLowerInvariant();

    /// <summary>The same at the beginning of a sentence: a role in the place of a name begins with a capital letter.</summary>
    public string AtStart(EventActor actor)
    {
        var who = Of(actor);
        return who.Length > 0 && who.Equals(actor.Role, StringComparison.OrdinalIgnoreCase) ? char.ToUpperInvariant(who[0]) + who[1..] : who;
    }

    /// <summary><c>Find a customer</c>; characters that cannot be seen are marked.</summary>
    public string Tool(string name) => tools.TryGetValue(name, out var title) ? title : Humanize(name);

    /// <summary>What a call is about, as <see cref="Domain.Timeline.Items.ToolSubject"/> says it, with the tool's title for its name.</summary>
    public string Subject(string subject)
    {
        var end = subject.IndexOf(": ", StringComparison.Ordinal);
        return end < 0 ? Tool(subject) : $"{Tool(subject[..end])}: {VisibleText.Of(subject[(end + 2)..], oneLine: true)}";
    }

    /// <summary>What a call is for, in the model's words; else what it is about.</summary>
    /// <param name="intent">The model's words, or null.</param>
    /// <param name="subject">As for <see cref="Subject(string)"/>.</param>
    public string Subject(string? intent, string subject) => intent is null ? Subject(subject) : VisibleText.Of(intent, oneLine: true);

    /// <summary><c>Part ID</c> for <c>part_id</c>.</summary>
    public static string Humanize(string name)
    {
        var words = VisibleText.Of(name, oneLine: true).Replace('_', ' ').Replace('-', ' ').Trim();
        return words.Length == 0 ? name
            : string.Concat(char.ToUpperInvariant(words[0]).ToString(), words.EndsWith(" id", StringComparison.Ordinal) ? $"{words[1..^2]}ID" : words[1..]);
    }
}
