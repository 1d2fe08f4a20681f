using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Web.Files;
using Copilot.Web.Identity;

namespace Copilot.Web.Api;

/// <summary><c>/api/files</c>: takes files for runs, and gives them back.</summary>
internal sealed class FileApi(FileUpload upload, FileLookup lookup, FileDownload download, IRunAccess access)
{
    /// <summary><c>POST /api/files</c>: 201 with the file.</summary>
    public async Task<IResult> UploadAsync(HttpContext context, ApiCaller caller)
    {
        var owner = new RunOwner(caller.User.Id, caller.User.TeamId);
        if (await access.TryAcquireAsync(caller.User.Id, owner, RunAction.Write, context.RequestAborted) is null)
        {
            return ApiProblem.NotFound();
        }

        try
        {
            var file = await upload.ReceiveAsync(context.Request, owner);
            context.Response.Headers.Location = "/api/files/" + file.Id;
            return TypedResults.Json(FileDocument.From(file), FileJson.Default.Options, statusCode: StatusCodes.Status201Created);
        }
        catch (FileRefusedException refused)
        {
            return refused.RetryAfter is { } retryAfter
                ? ApiProblem.TryLater(refused.Status, refused.Message, retryAfter)
                : ApiProblem.Of(refused.Status, refused.Message);
        }
    }

    /// <summary><c>GET /api/files/{id}</c>.</summary>
    public async Task<IResult> ReadAsync(HttpContext context, ApiCaller caller, string id) =>
        await lookup.FindAsync(caller.User.Id, id, context.RequestAborted) is { } file
            ? TypedResults.Json(FileDocument.From(file.File), FileJson.Default.Options)
            : ApiProblem.NotFound();

    /// <summary><c>GET /api/files/{id}/content</c>: the bytes.</summary>
    public async Task<IResult> DownloadAsync(HttpContext context, ApiCaller caller, string id) =>
        await lookup.FindAsync(caller.User.Id, id, context.RequestAborted) is { } file && download.Of(context, file) is { } answer
            ? answer
            : ApiProblem.NotFound();
}
