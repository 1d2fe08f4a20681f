using Copilot.Domain.Audit;

namespace Copilot.Web.Storage.Audit;

/// <summary>An <see cref="AccessRecord"/>. Only ever added; the database refuses anything else.</summary>
internal sealed class AccessRow
{
    public required long Seq { get; init; }

    public required long At { get; init; }

    public required string Action { get; init; }

    public string? ActorId { get; init; }

    public required string ActorName { get; init; }

    public string? ActorRole { get; init; }

    public string? KeyId { get; init; }

    public required string Address { get; init; }

    public string? ObjectId { get; init; }

    public string? ObjectName { get; init; }

    public string? OwnerId { get; init; }

    public string? Reason { get; init; }

    public string? Before { get; init; }

    public string? After { get; init; }

    public required byte[] Hash { get; init; }

    public static AccessRow From(AccessRecord record) => new()
    {
        Seq = record.Seq,
        At = UnixMicroseconds.From(record.At),
        Action = record.Entry.Action,
        ActorId = record.Entry.ActorId,
        ActorName = record.Entry.ActorName,
        ActorRole = record.Entry.ActorRole,
        KeyId = record.Entry.KeyId,
        Address = record.Entry.Address,
        ObjectId = record.Entry.ObjectId,
        ObjectName = record.Entry.ObjectName,
        OwnerId = record.Entry.OwnerId,
        Reason = record.Entry.Reason,
        Before = record.Entry.Before,
        After = record.Entry.After,
        Hash = record.Hash.ToArray(),
    };

    public AccessRecord ToRecord() => new(
        Seq,
        UnixMicroseconds.ToTime(At),
        new AccessEntry
        {
            Action = Action,
            ActorId = ActorId,
            ActorName = ActorName,
            ActorRole = ActorRole,
            KeyId = KeyId,
            Address = Address,
            ObjectId = ObjectId,
            ObjectName = ObjectName,
            OwnerId = OwnerId,
            Reason = Reason,
            Before = Before,
            After = After,
        },
        Hash);
}
