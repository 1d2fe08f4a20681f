using Copilot.Domain.Runs.Events;
using Copilot.Web.Storage.Runs;

namespace Copilot.Web.Storage.Packing;

/// <summary>The texts of an event that many others have too.</summary>
internal sealed record EventKind(string Source, string? ActorId, string? ActorRole, string Type, string? ResponseId, string? CallId)
{
    public EventActor? Actor => ActorId is null ? null : new EventActor(ActorId, ActorRole!);

    public static EventKind Of(RunEvent one) =>
        new(RunEventRowMapping.ToWire(one.Source), one.Actor?.Id, one.Actor?.Role, one.Type, one.ResponseId, one.CallId);

    public static EventKind Read(ref SegmentCursor cursor) => new(
        cursor.Text() ?? "", cursor.Text(), cursor.Text(), cursor.Text() ?? "", cursor.Text(), cursor.Text());

    public void Write(SegmentColumn column)
    {
        foreach (var text in (string?[])[Source, ActorId, ActorRole, Type, ResponseId, CallId])
        {
            column.Text(text);
        }
    }
}
