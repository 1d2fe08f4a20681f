using Copilot.Domain.Runs.Events;

namespace Copilot.Web.Storage.Runs;

/// <summary>Maps events to rows and back.</summary>
internal static class RunEventRowMapping
{
    /// <summary>The event of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="large">Its payload if stored in a separate row, else null.</param>
    public static RunEvent ToEvent(RunEventRow row, byte[]? large) => new()
    {
        RunId = row.RunId,
        Seq = row.Seq,
        At = UnixMicroseconds.ToTime(row.At),
        Source = ToSource(row.Source),
        Actor = row.ActorId is null ? null : new EventActor(row.ActorId, row.ActorRole!),
        Type = row.Type,
        ResponseId = row.ResponseId,
        CallId = row.CallId,
        Data = row.Payload ?? large,
        Salt = row.Salt,
        PayloadDigest = row.PayloadDigest,
        Hash = row.Hash,
    };

    /// <summary>The name the database uses.</summary>
    public static string ToWire(EventSource source) => source switch
    {
        EventSource.Upstream => "upstream",
        EventSource.Agent => "agent",
        EventSource.User => "user",
        EventSource.Supervisor => "supervisor",
        _ => "system",
    };

    /// <summary>True when both are equal byte for byte.</summary>
    public static bool IsSame(RunEvent left, RunEvent right) =>
        left.RunId == right.RunId
        && left.Seq == right.Seq
        && UnixMicroseconds.From(left.At) == UnixMicroseconds.From(right.At)
        && left.Source == right.Source
        && left.Actor == right.Actor
        && left.Type == right.Type
        && left.ResponseId == right.ResponseId
        && left.CallId == right.CallId
        && left.Data.Span.SequenceEqual(right.Data.Span)
        && left.Salt.Span.SequenceEqual(right.Salt.Span)
        && left.PayloadDigest.Span.SequenceEqual(right.PayloadDigest.Span)
        && left.Hash.Span.SequenceEqual(right.Hash.Span);

    /// <summary>The source that the database names so.</summary>
    public static EventSource ToSource(string wire) => wire switch
    {
        "upstream" => EventSource.Upstream,
        "agent" => EventSource.Agent,
        "user" => EventSource.User,
        "supervisor" => EventSource.Supervisor,
        _ => EventSource.System,
    };
}
