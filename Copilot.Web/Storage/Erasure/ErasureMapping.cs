using System.Text.Json;
using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Events;

namespace Copilot.Web.Storage.Erasure;

/// <summary>Maps erasure requests and their proof to rows and back.</summary>
internal static class ErasureMapping
{
    public static ErasureRequestRow ToRow(ErasureRequest request) => new()
    {
        Id = request.Id,
        SessionId = request.SessionId,
        UserId = request.Owner.UserId,
        TeamId = request.Owner.TeamId,
        Cause = Wire(request.Cause),
        ActorId = request.RequestedBy?.Id,
        ActorRole = request.RequestedBy?.Role,
        Rule = request.Rule,
        RequestedAt = UnixMicroseconds.From(request.RequestedAt),
        State = Wire(request.State),
        ErasedAt = From(request.ErasedAt),
        FinishedAt = From(request.FinishedAt),
        NextAt = UnixMicroseconds.From(request.NextAt),
        Attempts = request.Attempts,
        Problem = request.Problem,
    };

    public static ErasureRequest ToRequest(ErasureRequestRow row, ErasureCounts counts) => new()
    {
        Id = row.Id,
        SessionId = row.SessionId,
        Owner = new RunOwner(row.UserId, row.TeamId),
        Cause = Read<ErasureCause>(row.Cause),
        RequestedBy = row.ActorId is null ? null : new EventActor(row.ActorId, row.ActorRole!),
        Rule = row.Rule,
        RequestedAt = UnixMicroseconds.ToTime(row.RequestedAt),
        State = Read<ErasureState>(row.State),
        ErasedAt = To(row.ErasedAt),
        FinishedAt = To(row.FinishedAt),
        NextAt = UnixMicroseconds.ToTime(row.NextAt),
        Attempts = row.Attempts,
        Problem = row.Problem,
        Counts = counts,
    };

    public static ErasedRunRow ToRow(ErasedRun run) => new()
    {
        RunId = run.RunId,
        ForgettingId = run.ErasureId,
        Events = run.Events,
        Bytes = run.Bytes,
        HeadHash = Convert.FromHexString(run.HeadHash),
        ChainHeldBefore = run.ChainHeldBefore,
        ChainHoldsAfter = run.ChainHoldsAfter,
        PlannedAt = UnixMicroseconds.From(run.PlannedAt),
        ErasedAt = From(run.ErasedAt),
    };

    public static ErasedRun ToRun(ErasedRunRow row) => new()
    {
        ErasureId = row.ForgettingId,
        RunId = row.RunId,
        Events = row.Events,
        Bytes = row.Bytes,
        HeadHash = Convert.ToHexStringLower(row.HeadHash),
        ChainHeldBefore = row.ChainHeldBefore,
        ChainHoldsAfter = row.ChainHoldsAfter,
        PlannedAt = UnixMicroseconds.ToTime(row.PlannedAt),
        ErasedAt = To(row.ErasedAt),
    };

    public static ErasedResponseRow ToRow(ErasedResponse response) => new()
    {
        RunId = response.RunId,
        Seq = response.Seq,
        ForgettingId = response.ErasureId,
        ResponseId = response.ResponseId,
        Proof = Wire(response.Proof),
        State = Wire(response.State),
        SentAt = UnixMicroseconds.From(response.SentAt),
        Transport = response.Transport switch
        {
            TransportKind.WebSocket => "websocket",
            TransportKind.Http => "http",
            _ => null,
        },
        Endpoint = response.Endpoint,
        SocketEnd = response.SocketEnd,
        CloseCode = response.CloseCode,
        DeleteAt = From(response.DeleteAt),
        DeleteStatus = response.DeleteStatus,
        GetStatus = response.GetStatus,
        VerifiedAt = From(response.VerifiedAt),
        Attempts = response.Attempts,
        NextAt = UnixMicroseconds.From(response.NextAt),
        Problem = response.Problem,
    };

    public static ErasedResponse ToResponse(ErasedResponseRow row) => new()
    {
        RunId = row.RunId,
        Seq = row.Seq,
        ErasureId = row.ForgettingId,
        ResponseId = row.ResponseId,
        Proof = Read<ErasureProof>(row.Proof),
        State = Read<ErasureProofState>(row.State),
        SentAt = UnixMicroseconds.ToTime(row.SentAt),
        Transport = row.Transport switch
        {
            "websocket" => TransportKind.WebSocket,
            "http" => TransportKind.Http,
            _ => null,
        },
        Endpoint = row.Endpoint,
        SocketEnd = row.SocketEnd,
        CloseCode = row.CloseCode,
        DeleteAt = To(row.DeleteAt),
        DeleteStatus = row.DeleteStatus,
        GetStatus = row.GetStatus,
        VerifiedAt = To(row.VerifiedAt),
        Attempts = row.Attempts,
        NextAt = UnixMicroseconds.ToTime(row.NextAt),
        Problem = row.Problem,
    };

    /// <summary>The name that the database and the API use: <c>DeletedUpstream</c> is <c>deleted_upstream</c>.</summary>
    public static string Wire<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static T Read<T>(string wire)
        where T : struct, Enum => Enum.Parse<T>(wire.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);

    private static long? From(DateTimeOffset? time) => time is { } value ? UnixMicroseconds.From(value) : null;

    private static DateTimeOffset? To(long? time) => time is { } value ? UnixMicroseconds.ToTime(value) : null;
}
