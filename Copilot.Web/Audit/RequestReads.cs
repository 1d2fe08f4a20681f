using Copilot.Domain.Audit;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;

namespace Copilot.Web.Audit;

/// <summary>Records what a request reads of others, before it is answered.</summary>
internal sealed class RequestReads(AccessReads reads, IHttpContextAccessor request)
{
    /// <summary>Records that a run is read: followed while it works, opened after its end.</summary>
    /// <exception cref="AccessNotRecordedException">It could not be recorded: do not answer.</exception>
    public Task OfRunAsync(string userId, RunSummary run, CancellationToken cancellationToken) => RecordAsync(
        run.Status.IsSettled() ? AccessActions.RunOpened : AccessActions.RunAttached, userId, run.RunId, run.UserId, cancellationToken);

    /// <summary>Records that something is read.</summary>
    /// <exception cref="AccessNotRecordedException">It could not be recorded: do not answer.</exception>
    public Task RecordAsync(string action, string userId, string objectId, string? ownerId, CancellationToken cancellationToken) =>
        reads.RecordAsync(Read(action, userId, objectId), ownerId, cancellationToken);

    /// <summary>Records what somebody does with what is not theirs, each time.</summary>
    /// <exception cref="AccessNotRecordedException">It could not be recorded: do not do it.</exception>
    public Task OfActAsync(string action, string userId, string objectId, string? ownerId, string what, CancellationToken cancellationToken) =>
        reads.RecordEachAsync(Read(action, userId, objectId), ownerId, what, cancellationToken);

    /// <summary>Records that all that is stored of a person is taken out, also by that person: whoever has their session may be somebody else.</summary>
    /// <exception cref="AccessNotRecordedException">It could not be recorded: do not answer.</exception>
    public Task OfPersonAsync(string userId, string personId, CancellationToken cancellationToken) =>
        reads.RecordAlwaysAsync(Read(AccessActions.Exported, userId, personId), personId, cancellationToken);

    /// <summary>Records that runs of several people are shown.</summary>
    /// <exception cref="AccessNotRecordedException">It could not be recorded: do not answer.</exception>
    public Task OfSeveralAsync(string action, string userId, string objectId, string after, CancellationToken cancellationToken) =>
        reads.RecordAlwaysAsync(Read(action, userId, objectId) with { After = after }, ownerId: null, cancellationToken);

    private AccessRead Read(string action, string userId, string objectId)
    {
        var context = request.HttpContext;
        return new AccessRead(action, userId, context?.Features.Get<ApiCaller>()?.KeyId, CallerAddress.Of(context), objectId);
    }
}
