using Copilot.Web.Api.Runs;
using Copilot.Web.Supervision.Incident;

namespace Copilot.Web.Api.Incident;

/// <summary>A lever, as the API shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Target">The agent's id or the tool's name; null where it is about all.</param>
/// <param name="Reason">Why.</param>
/// <param name="SetBy">Who set it.</param>
/// <param name="SetAt">When.</param>
/// <param name="UndoneBy">Who undid it; null while it is set.</param>
/// <param name="UndoneAt">When, or null.</param>
internal sealed record LeverDocument(
    string Id, string Kind, string? Target, string Reason, string SetBy, string SetAt, string? UndoneBy, string? UndoneAt)
{
    /// <summary>The document of a lever.</summary>
    public static LeverDocument From(Lever lever) => new(
        lever.Id,
        lever.Kind.ToWire(),
        lever.Target.Length == 0 ? null : lever.Target,
        lever.Reason,
        lever.SetBy,
        ApiTime.Format(lever.SetAt),
        lever.UndoneBy,
        lever.UndoneAt is { } at ? ApiTime.Format(at) : null);
}

/// <summary>The newest levers, also those that were undone; newest first.</summary>
/// <param name="Levers">The levers.</param>
internal sealed record LeverList(IReadOnlyList<LeverDocument> Levers);
