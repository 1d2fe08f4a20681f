using System.Globalization;
using System.Security.Claims;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Timeline.Folds;
using Copilot.Domain.Timeline.Items;
using Copilot.Web.Audit;
using Microsoft.Net.Http.Headers;

namespace Copilot.Web.Api.Runs;

/// <summary>
/// <c>GET /runs/{id}/events/{seq}/image</c>: an image of a run's event, for the pages. It is decoded from the log, so a page
/// holds an address and no bytes, and what was deleted or may no longer be seen is gone at the next look.
/// </summary>
internal sealed class RunImages(IRunEventStore store, IRunAccess access, RequestReads reads)
{
    /// <summary>Maps it for people who are signed in.</summary>
    public static IEndpointRouteBuilder Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/runs/{id}/events/{seq:long:min(1)}/image", (HttpContext context, RunImages images, string id, long seq) =>
            images.AnswerAsync(context, id, seq)).RequireAuthorization().ExcludeFromDescription().AddEndpointFilter(ApiProblem.FilterAsync);
        return routes;
    }

    private async Task<IResult> AnswerAsync(HttpContext context, string runId, long seq)
    {
        var cancellationToken = context.RequestAborted;
        if (context.User.FindFirstValue(ClaimTypes.NameIdentifier) is not { } userId
            || !TryIndex(context.Request, "n", 0, out var index)
            || !TryIndex(context.Request, "item", -1, out var place)
            || await store.FindAsync(runId, cancellationToken) is not { } run
            || await access.TryAcquireAsync(userId, new RunOwner(run.UserId, run.TeamId), RunAction.View, cancellationToken) is null
            || await store.FindHashAsync(runId, seq, cancellationToken) is not { } hash)
        {
            return Results.NotFound();
        }

        await reads.OfRunAsync(userId, run, cancellationToken);
        var headers = context.Response.Headers;
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(hash.AsSpan(0, 16))}-{index}-{place}\"");

        // The browser asks again each time: the answer to whether it may still be seen changes, the bytes never do. So an image
        // that it has already is not read from the log again.
        headers.CacheControl = "private, no-cache";
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
        {
            headers.ETag = tag.ToString();
            return Results.StatusCode(StatusCodes.Status304NotModified);
        }

        if (await store.ReadAsync(runId, seq - 1, 1, cancellationToken) is not [{ IsErased: false } found]
            || found.Seq != seq
            || EventImage.Find(found, place < 0 ? null : place, index) is not { } image)
        {
            return Results.NotFound();
        }

        headers.ContentDisposition = $"inline; filename=\"image-{seq.ToString(CultureInfo.InvariantCulture)}.{image.Extension}\"";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return Results.Bytes(image.Bytes, image.ContentType, entityTag: tag);
    }

    private static bool TryIndex(HttpRequest request, string name, int missing, out int value)
    {
        value = missing;
        return !request.Query.TryGetValue(name, out var text)
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= HostedToolDetails.MaxEntries);
    }
}
