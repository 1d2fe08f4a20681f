using System.Text;
using Copilot.Domain.Runs.Events;

namespace Copilot.Web.Sessions.RunScreen;

/// <summary>Which raw events are shown.</summary>
/// <param name="Text">Words that the type or the payload contains, in any case; empty for all.</param>
/// <param name="Source">Who caused them; null for anybody.</param>
public sealed record RawEventFilter(string Text, EventSource? Source)
{
    /// <summary>Every event.</summary>
    public static RawEventFilter None { get; } = new("", null);

    /// <summary>Whether an event is shown.</summary>
    public bool Matches(RunEvent runEvent)
    {
        ArgumentNullException.ThrowIfNull(runEvent);
        return (Source is null || runEvent.Source == Source)
            && (Text.Length == 0
                || runEvent.Type.Contains(Text, StringComparison.OrdinalIgnoreCase)
                || Encoding.UTF8.GetString(runEvent.Data.Span).Contains(Text, StringComparison.OrdinalIgnoreCase));
    }
}
