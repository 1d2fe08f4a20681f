using System.Security.Claims;
using Copilot.Domain.Audit;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.HostedTools;
using Copilot.Domain.Runs.Log;
using Copilot.Web.Audit;
using Copilot.Web.Security;
using Copilot.Web.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Copilot.Web.Files.Containers;

/// <summary>
/// <c>GET /runs/{id}/events/{seq}/made-file/{file_id}</c>: a file that the upstream's code interpreter has made, for the pages. It is
/// fetched from the upstream with the server's key and the person's rights, and only where the run's event refers to it: what was
/// deleted here is not fetched any more.
/// </summary>
internal sealed partial class ContainerFileDownload(
    IRunEventStore store,
    IRunAccess access,
    RequestReads reads,
    IContainerFiles files,
    IUpstreamEndpoint upstream,
    IOptions<HostedToolsOptions> options,
    TimeProvider time,
    ILogger<ContainerFileDownload> logger)
{
    private const int BufferSize = 64 * 1024;

    // What a browser says it wants the answer for, where it is a download or a link.
    private static readonly HashSet<string> s_uses = new(["empty", "document"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Maps it for people who are signed in.</summary>
    public static IEndpointRouteBuilder Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/runs/{id}/events/{seq:long:min(1)}/made-file/{fileId}", (HttpContext context, ContainerFileDownload download, string id, long seq, string fileId) =>
            download.AnswerAsync(context, id, seq, fileId)).RequireAuthorization().RequireRateLimiting(RequestLimits.Downloads).EndWithAccess().ExcludeFromDescription();
        return routes;
    }

    private async Task<IResult> AnswerAsync(HttpContext context, string runId, long seq, string fileId)
    {
        var limits = options.Value.CodeInterpreter;
        using var tooLong = new CancellationTokenSource(limits.DownloadTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tooLong.Token, context.RequestAborted);
        try
        {
            if (context.Request.Headers["Sec-Fetch-Dest"] is [{ } use] && !s_uses.Contains(use))
            {
                return Problem(StatusCodes.Status403Forbidden, SecurityText.NotAPlaceForFiles);
            }

            if (await FindAsync(context, runId, seq, fileId) is not { } citation)
            {
                return Problem(StatusCodes.Status404NotFound, FileText.NotFound);
            }

            using var file = await files.OpenAsync(await upstream.GetAsync(either.Token), citation.ContainerId, citation.FileId, either.Token);
            if (file is null)
            {
                return Problem(StatusCodes.Status404NotFound, FileText.ContainerFileGone);
            }

            if (file.Length > limits.MaxDownloadBytes)
            {
                return Problem(StatusCodes.Status413PayloadTooLarge, FileText.TooLarge(limits.MaxDownloadBytes));
            }

            await SendAsync(context, file, citation.Name, limits.MaxDownloadBytes, either.Token);
            return Results.Empty;
        }
        catch (AccessNotRecordedException exception)
        {
            LogNotFetched(exception, runId, seq);
            return Problem(StatusCodes.Status503ServiceUnavailable, AuditText.NotRecorded);
        }
        catch (Exception exception) when (exception is not IOException && StorageFailure.Is(exception))
        {
            LogNotFetched(exception, runId, seq);
            return Problem(StatusCodes.Status503ServiceUnavailable, FileText.NotReadNow);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested
            && exception is TransportException or IOException or OperationCanceledException)
        {
            LogNotFetched(exception, runId, seq);
            if (context.Response.HasStarted)
            {
                // Half a file must not look like one.
                context.Abort();
                return Results.Empty;
            }

            return Problem(
                tooLong.IsCancellationRequested ? StatusCodes.Status504GatewayTimeout : StatusCodes.Status502BadGateway, FileText.ContainerFileNotFetched);
        }
    }

    private async Task<ContainerFileCitation?> FindAsync(HttpContext context, string runId, long seq, string fileId)
    {
        var cancellationToken = context.RequestAborted;
        if (context.User.FindFirstValue(ClaimTypes.NameIdentifier) is not { } userId
            || await store.FindAsync(runId, cancellationToken) is not { ForgottenAt: null } run
            || await access.TryAcquireAsync(userId, new RunOwner(run.UserId, run.TeamId), RunAction.View, cancellationToken) is null
            || await store.ReadAsync(runId, seq - 1, 1, cancellationToken) is not [var found]
            || found.Seq != seq
            || ContainerFileCitation.Find(found, fileId) is not { } citation)
        {
            return null;
        }

        await reads.RecordAsync(AccessActions.FileRead, userId, runId, run.UserId, cancellationToken);
        return citation;
    }

    // Whatever it is, it is a download: code that ran elsewhere has made it.
    private static async Task SendAsync(HttpContext context, ContainerFile file, string name, long mostBytes, CancellationToken cancellationToken)
    {
        var response = context.Response;
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(name);
        response.ContentType = "application/octet-stream";
        response.ContentLength = file.Length;
        response.Headers.ContentDisposition = disposition.ToString();
        response.Headers.CacheControl = "private, no-store";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        SecurityHeaders.SendAsFile(context);
        var buffer = new byte[BufferSize];
        for (var sent = 0L; await file.Content.ReadAsync(buffer, cancellationToken) is > 0 and var read;)
        {
            sent += read;
            if (sent > mostBytes)
            {
                throw new IOException("The file is larger than it may be.");
            }

            await response.Body.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    private static ProblemHttpResult Problem(int status, string detail) => TypedResults.Problem(detail, statusCode: status);

    [LoggerMessage(LogLevel.Warning, "A file that event {Seq} of run {RunId} refers to was not fetched")]
    private partial void LogNotFetched(Exception exception, string runId, long seq);
}
