using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Erasure;

/// <summary>Deletion upstream: each response is deleted and then retrieved. Only the upstream's own "not found" is proof.</summary>
public sealed partial class ErasureWorker
{
    private const int AttemptsBeforeFailed = 5;
    private const string DemoPath = "/demo/v1";

    private async Task<ErasureRequest?> VerifyAsync(ErasureRequest request, CancellationToken cancellationToken)
    {
        if (await _retention.IsHeldAsync(request.SessionId, cancellationToken).ConfigureAwait(false))
        {
            return await RescheduleAsync(request, ErasureProblems.Held, cancellationToken).ConfigureAwait(false);
        }

        request = request.Problem == ErasureProblems.Held ? request with { Problem = null } : request;
        var responses = await _store.ReadResponsesAsync(request.Id, cancellationToken).ConfigureAwait(false);
        var open = responses.Where(IsOpen).ToDictionary(response => (response.RunId, response.Seq));
        foreach (var due in open.Values.Where(response => response.NextAt <= Now).OrderBy(response => response.NextAt).ToList())
        {
            var updated = await DeleteAndVerifyAsync(due, cancellationToken).ConfigureAwait(false);
            await _store.SaveAsync(updated, cancellationToken).ConfigureAwait(false);
            _changes.Publish(request);
            open[(updated.RunId, updated.Seq)] = updated;
            if (IsOpen(updated))
            {
                LogUnproven(updated.ResponseId, updated.RunId, updated.Attempts, updated.Problem!);

                // The cause likely affects the others, too, so they wait with it.
                return await SaveAsync(request with { NextAt = updated.NextAt }, cancellationToken).ConfigureAwait(false);
            }
        }

        var left = open.Values.Where(IsOpen).ToList();
        if (left.Count > 0)
        {
            return await SaveAsync(request with { NextAt = left.Min(response => response.NextAt) }, cancellationToken).ConfigureAwait(false);
        }

        return await FinishAsync(request, responses, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ErasureRequest> FinishAsync(
        ErasureRequest request, IReadOnlyList<ErasedResponse> responses, CancellationToken cancellationToken)
    {
        var state = responses.Any(response => response.State is ErasureProofState.Unproven)
            ? ErasureState.Unproven
            : ErasureState.Forgotten;
        LogFinished(request.Id, request.SessionId, state);
        return await SaveAsync(request with { State = state, FinishedAt = Now }, cancellationToken).ConfigureAwait(false);
    }

    private static bool IsOpen(ErasedResponse response) => response.State is ErasureProofState.Pending or ErasureProofState.Failed;

    private async Task<ErasedResponse> DeleteAndVerifyAsync(ErasedResponse response, CancellationToken cancellationToken)
    {
        var (endpoint, problem) = await EndpointAsync(response, cancellationToken).ConfigureAwait(false);
        if (endpoint is null)
        {
            return Fail(response, problem!, isPassing: false, notBefore: Now);
        }

        var id = response.ResponseId!;
        response = response with { DeleteAt = Now };
        var deleted = await _upstream.DeleteAsync(endpoint, id, cancellationToken).ConfigureAwait(false);
        response = response with { DeleteStatus = deleted.Status, GetStatus = null };
        if (!deleted.IsSuccess && !deleted.IsUnknownResponse)
        {
            var until = await PauseAsync(deleted.RetryAfter, cancellationToken).ConfigureAwait(false);
            return Fail(response, deleted.Problem!, deleted.IsPassing, until);
        }

        var found = await _upstream.RetrieveAsync(endpoint, id, cancellationToken).ConfigureAwait(false);
        response = response with { GetStatus = found.Status };
        if (found.Status == 404 && (found.IsUnknownResponse || deleted.IsSuccess))
        {
            _pause.Succeeded();
            return response with
            {
                State = ErasureProofState.Verified,
                VerifiedAt = Now,
                Attempts = response.Attempts + 1,
                Problem = null,
            };
        }

        return found.IsSuccess
            ? Fail(response, ErasureProblems.StillThere, isPassing: true, Now + (found.RetryAfter ?? TimeSpan.Zero))
            : Fail(
                response,
                found.Problem!,
                found.IsPassing,
                await PauseAsync(found.RetryAfter, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>All who wait for the upstream wait until it may work again, so that it is not asked once for each of them.</summary>
    /// <returns>Until when.</returns>
    private async Task<DateTimeOffset> PauseAsync(TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        var until = _pause.Failed(Now, retryAfter);
        await _store.PostponeAsync(until, cancellationToken).ConfigureAwait(false);
        return until;
    }

    private ErasedResponse Fail(ErasedResponse response, string problem, bool isPassing, DateTimeOffset notBefore)
    {
        var next = Now + Delay(response.Attempts);
        var attempts = response.Attempts + 1;
        return response with
        {
            State = isPassing && attempts < AttemptsBeforeFailed ? ErasureProofState.Pending : ErasureProofState.Failed,
            Attempts = attempts,
            NextAt = notBefore > next ? notBefore : next,
            Problem = problem,
        };
    }

    /// <summary>
    /// The endpoint to use, or why there is none: the configured key is sent only to the configured upstream, never to an address from an
    /// old log.
    /// </summary>
    private async Task<(UpstreamEndpoint? Endpoint, string? Problem)> EndpointAsync(
        ErasedResponse response, CancellationToken cancellationToken)
    {
        UpstreamEndpoint today;
        try
        {
            today = await _endpoint.GetAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (TransportException exception)
        {
            return (null, exception.Message);
        }

        return IsSame(response.Endpoint, today)
            ? (today, null)
            : (null, ErasureProblems.OtherUpstream(response.Endpoint));
    }

    private static bool IsSame(string? then, UpstreamEndpoint today)
    {
        if (then is null)
        {
            return true;
        }

        if (!Uri.TryCreate(then, UriKind.Absolute, out var address) || !then.Contains("://", StringComparison.Ordinal))
        {
            // Older logs have only the host.
            return string.Equals(then, today.BaseUrl.Authority, StringComparison.OrdinalIgnoreCase);
        }

        return IsPathSame(address, today.BaseUrl)
            && (string.Equals(address.Authority, today.BaseUrl.Authority, StringComparison.OrdinalIgnoreCase)
                // The demo upstream is this process, on any port.
                || (today.IsDemo && address.IsLoopback && IsPathSame(address, new Uri(today.BaseUrl, DemoPath))));
    }

    private static bool IsPathSame(Uri left, Uri right) =>
        string.Equals(left.AbsolutePath.TrimEnd('/'), right.AbsolutePath.TrimEnd('/'), StringComparison.Ordinal);
}
