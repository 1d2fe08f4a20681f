using System.Security.Claims;
using Copilot.Web.Audit;
using Copilot.Web.Runs.Personal;
using Microsoft.Net.Http.Headers;

namespace Copilot.Web.Api.Personal;

/// <summary><c>GET /people/{id}/data.zip</c>: all that is stored of a person, for that person and for admins.</summary>
internal sealed class PersonDataEndpoint(PersonExport export, RequestReads reads)
{
    /// <summary>Answers the request.</summary>
    public async Task<IResult> DownloadAsync(HttpContext context, string personId)
    {
        if (context.User.FindFirstValue(ClaimTypes.NameIdentifier) is not { } readerId
            || await export.WriteAsync(readerId, personId, context.RequestAborted) is not { } file)
        {
            return ApiProblem.NotFound();
        }

        try
        {
            await reads.OfPersonAsync(readerId, personId, context.RequestAborted);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }

        context.Response.Headers[HeaderNames.CacheControl] = "private, no-store";
        return TypedResults.Stream(file, "application/zip", $"{personId}.zip");
    }
}
