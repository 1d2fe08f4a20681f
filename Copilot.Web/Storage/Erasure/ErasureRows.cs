namespace Copilot.Web.Storage.Erasure;

// Erasure requests as the database has them. These rows outlive what they are about; column names follow the properties.

internal sealed class ErasureRequestRow
{
    public required string Id { get; init; }

    public required string SessionId { get; init; }

    public required string UserId { get; init; }

    public required string TeamId { get; init; }

    public required string Cause { get; init; }

    public string? ActorId { get; init; }

    public string? ActorRole { get; init; }

    public string? Rule { get; init; }

    public required long RequestedAt { get; init; }

    public required string State { get; set; }

    public long? ErasedAt { get; set; }

    public long? FinishedAt { get; set; }

    public required long NextAt { get; set; }

    public int Attempts { get; set; }

    public string? Problem { get; set; }
}

internal sealed class ErasedRunRow
{
    public required string RunId { get; init; }

    public required string ForgettingId { get; init; }

    public required long Events { get; init; }

    public required long Bytes { get; init; }

    public required byte[] HeadHash { get; init; }

    public required bool ChainHeldBefore { get; init; }

    public bool? ChainHoldsAfter { get; set; }

    public required long PlannedAt { get; init; }

    public long? ErasedAt { get; set; }
}

internal sealed class ErasedResponseRow
{
    public required string RunId { get; init; }

    public required long Seq { get; init; }

    public required string ForgettingId { get; init; }

    public string? ResponseId { get; init; }

    public required string Proof { get; init; }

    public required string State { get; set; }

    public required long SentAt { get; init; }

    public string? Transport { get; init; }

    public string? Endpoint { get; init; }

    public string? SocketEnd { get; init; }

    public int? CloseCode { get; init; }

    public long? DeleteAt { get; set; }

    public int? DeleteStatus { get; set; }

    public int? GetStatus { get; set; }

    public long? VerifiedAt { get; set; }

    public int Attempts { get; set; }

    public required long NextAt { get; set; }

    public string? Problem { get; set; }
}
