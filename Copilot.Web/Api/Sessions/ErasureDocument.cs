using System.Text.Json;
using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Responses;
using Copilot.Web.Api.Runs;

namespace Copilot.Web.Api.Sessions;

/// <summary>A forgetting with its proof, as the API answers it and as people keep it. Fields may be added, never changed.</summary>
internal sealed record ErasureDocument(
    string ForgettingId,
    string SessionId,
    string State,
    string Cause,
    ErasureActorDocument? RequestedBy,
    string? Rule,
    string RequestedAt,
    string? ErasedAt,
    string? FinishedAt,
    string? Problem,
    ErasureCountsDocument Responses,
    IReadOnlyList<ErasedRunDocument> Runs,
    string OwnerId,
    IReadOnlyList<ErasureCheckDocument> Checks,
    IReadOnlyList<UnconfirmedDocument> NotConfirmed)
{
    /// <summary>From what is stored.</summary>
    public static ErasureDocument From(ErasureRecord evidence)
    {
        var request = evidence.Request;
        var responses = evidence.Responses.ToLookup(response => response.RunId);
        return new ErasureDocument(
            request.Id,
            request.SessionId,
            Wire(request.State),
            Wire(request.Cause),
            request.RequestedBy is { } actor ? new ErasureActorDocument(actor.Id, actor.Role) : null,
            request.Rule,
            ApiTime.Format(request.RequestedAt),
            Time(request.ErasedAt),
            Time(request.FinishedAt),
            request.Problem,
            new ErasureCountsDocument(
                request.Counts.Verified, request.Counts.Pending, request.Counts.Failed, request.Counts.Unproven),
            [.. evidence.Runs.Select(run => new ErasedRunDocument(
                run.RunId,
                run.Events,
                run.Bytes,
                run.HeadHash,
                run.ChainHeldBefore,
                run.ChainHoldsAfter,
                Time(run.ErasedAt),
                [.. responses[run.RunId].Select(ErasedResponseDocument.From)]))],
            request.Owner.UserId,
            [.. ErasureCheck.Of(evidence).Select(check => new ErasureCheckDocument(Wire(check.Kind), check.Passed))],
            [.. evidence.Responses.Where(response => response.State is not ErasureProofState.Verified).Select(UnconfirmedDocument.From)]);
    }

    /// <summary>An enumeration's name in the API.</summary>
    internal static string Wire<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>A time that may not have come.</summary>
    internal static string? Time(DateTimeOffset? time) => time is { } at ? ApiTime.Format(at) : null;
}

/// <summary>Something that was checked; <c>passed</c> is null while that cannot be said yet.</summary>
internal sealed record ErasureCheckDocument(string Check, bool? Passed);

/// <summary>A response whose deletion at the model provider is not confirmed, why, and when that is tried again.</summary>
internal sealed record UnconfirmedDocument(string RunId, string? ResponseId, string State, string? Problem, string? NextTryAt)
{
    /// <summary>From what is stored.</summary>
    public static UnconfirmedDocument From(ErasedResponse response) => new(
        response.RunId,
        response.ResponseId,
        ErasureDocument.Wire(response.State),
        response.Problem,
        response.State is ErasureProofState.Unproven ? null : ApiTime.Format(response.NextAt));
}

/// <summary>Who asked.</summary>
internal sealed record ErasureActorDocument(string Id, string Role);

/// <summary>How many responses are proven to be gone, and how many not.</summary>
internal sealed record ErasureCountsDocument(int Verified, int Pending, int Failed, int Unproven);

/// <summary>What was removed of a run, and its place in the hash chain, which stays.</summary>
internal sealed record ErasedRunDocument(
    string RunId,
    long Events,
    long Bytes,
    string HeadHash,
    bool ChainHeldBefore,
    bool? ChainHoldsAfter,
    string? ErasedAt,
    IReadOnlyList<ErasedResponseDocument> Responses);

/// <summary>The proof that a response is gone.</summary>
internal sealed record ErasedResponseDocument(
    string? ResponseId,
    long Seq,
    string How,
    string State,
    string SentAt,
    string? Transport,
    string? Endpoint,
    string? SocketEnd,
    int? CloseCode,
    string? DeleteAt,
    int? DeleteStatus,
    int? GetStatus,
    string? VerifiedAt,
    int Attempts,
    string? Problem)
{
    /// <summary>From what is stored.</summary>
    public static ErasedResponseDocument From(ErasedResponse response) => new(
        response.ResponseId,
        response.Seq,
        ErasureDocument.Wire(response.Proof),
        ErasureDocument.Wire(response.State),
        ApiTime.Format(response.SentAt),
        response.Transport switch
        {
            TransportKind.WebSocket => "websocket",
            TransportKind.Http => "http",
            _ => null,
        },
        response.Endpoint,
        response.SocketEnd,
        response.CloseCode,
        ErasureDocument.Time(response.DeleteAt),
        response.DeleteStatus,
        response.GetStatus,
        ErasureDocument.Time(response.VerifiedAt),
        response.Attempts,
        response.Problem);
}
