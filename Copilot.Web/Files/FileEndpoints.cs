using System.Security.Claims;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Audit;
using Copilot.Web.Audit;
using Copilot.Web.Identity;
using Copilot.Web.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Copilot.Web.Files;

/// <summary>
/// Endpoints for the browser, with the sign-in cookie. A page of another site cannot upload: <c>OriginCheck</c> runs before everything
/// that a cookie could change.
/// </summary>
internal static partial class FileEndpoints
{
    /// <summary>Where a browser uploads to and downloads from.</summary>
    public const string Path = "/files";

    /// <summary>Maps the endpoints.</summary>
    public static IEndpointRouteBuilder MapFiles(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path).RequireAuthorization().DisableAntiforgery().ExcludeFromDescription();
        group.MapPost("", UploadAsync).RequireRateLimiting(RequestLimits.Uploads).EndWithAccess();
        group.MapGet("/{id}", DownloadAsync).EndWithAccess();
        group.MapDelete("/{id}", RemoveAsync);
        return routes;
    }

    private static async Task<IResult> UploadAsync(
        HttpContext context, FileUpload upload, PersonStore people, IRunAccess access)
    {
        var aborted = context.RequestAborted;
        if (await people.FindAsync(UserId(context), aborted) is not { } person
            || new RunOwner(person.Id, person.TeamId) is var owner
            && await access.TryAcquireAsync(person.Id, owner, RunAction.Write, aborted) is null)
        {
            return Problem(StatusCodes.Status403Forbidden, FileText.UploadDenied);
        }

        try
        {
            var file = await upload.ReceiveAsync(context.Request, owner);
            return TypedResults.Json(FileDocument.From(file), FileJson.Default.Options, statusCode: StatusCodes.Status201Created);
        }
        catch (FileRefusedException refused)
        {
            return Problem(refused.Status, refused.Message);
        }
    }

    private static async Task<IResult> DownloadAsync(
        HttpContext context, FileLookup lookup, FileDownload download, ILoggerFactory loggers, string id)
    {
        context.Response.Headers[HeaderNames.CacheControl] = "private, no-store";
        try
        {
            return await lookup.FindAsync(UserId(context), id, context.RequestAborted) is { } file && download.Of(context, file) is { } answer
                ? answer
                : Problem(StatusCodes.Status404NotFound, FileText.NotFound);
        }
        catch (AccessNotRecordedException exception)
        {
            LogUnavailable(loggers.CreateLogger(typeof(FileEndpoints).FullName!), exception);
            return Problem(StatusCodes.Status503ServiceUnavailable, AuditText.NotRecorded);
        }
    }

    private static async Task<IResult> RemoveAsync(HttpContext context, FileStore files, string id)
    {
        // People may remove only their own uploads; the answer does not reveal whether the file existed.
        await files.RemoveUnusedAsync(id, UserId(context), context.RequestAborted);
        return TypedResults.NoContent();
    }

    private static string UserId(HttpContext context) => context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? "";

    private static ProblemHttpResult Problem(int status, string detail) => TypedResults.Problem(detail, statusCode: status);

    [LoggerMessage(LogLevel.Warning, "An upload was refused because storage is unavailable")]
    private static partial void LogUnavailable(ILogger logger, Exception exception);
}
