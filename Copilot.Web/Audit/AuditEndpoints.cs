using System.Security.Claims;
using System.Text;
using Copilot.Domain.Audit;
using Copilot.Domain.Runs.Log;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Security;

namespace Copilot.Web.Audit;

/// <summary>Downloads of the audit: the access log as CSV and as JSON lines, and the newest checkpoint. For admins, by cookie.</summary>
internal static class AuditEndpoints
{
    /// <summary>Where they begin.</summary>
    public const string Address = "/admin/audit";

    /// <summary>Maps them.</summary>
    public static IEndpointRouteBuilder MapAudit(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Address).RequireAuthorization().EndWithAccess().ExcludeFromDescription();
        group.MapGet("/log.csv", (HttpContext context, AuditAdministration administration, PersonStore people) =>
            ExportAsync(context, administration, people, "csv", "text/csv; charset=utf-8", AccessExport.CsvHeader, AccessExport.Csv));
        group.MapGet("/log.jsonl", (HttpContext context, AuditAdministration administration, PersonStore people) =>
            ExportAsync(context, administration, people, "jsonl", "application/x-ndjson; charset=utf-8", header: "", AccessExport.Json));
        group.MapGet("/checkpoint.txt", CheckpointAsync);
        return routes;
    }

    private static Task<IResult> ExportAsync(
        HttpContext context,
        AuditAdministration administration,
        PersonStore people,
        string format,
        string contentType,
        string header,
        Func<AccessRecord, string> line) => GuardAsync(async () =>
        {
            var filter = AccessFilter.Read(name => context.Request.Query[name], TimeZoneInfo.Utc);
            if (await FindAsync(context, people) is not { } reader
                || await administration.ExportAsync(reader, filter, format, context.RequestAborted) is not { } pages)
            {
                return Results.NotFound();
            }

            Secret(context);
            return Results.Stream(
                async body =>
                {
                    await using var writer = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
                    await writer.WriteAsync(header);
                    await foreach (var page in pages.WithCancellation(context.RequestAborted))
                    {
                        foreach (var record in page)
                        {
                            await writer.WriteAsync(line(record));
                        }

                        await writer.FlushAsync(context.RequestAborted);
                    }
                },
                contentType,
                $"access-log.{format}");
        });

    private static Task<IResult> CheckpointAsync(HttpContext context, AuditAdministration administration, PersonStore people) => GuardAsync(async () =>
    {
        if (await FindAsync(context, people) is not { } reader || await administration.TakeCheckpointAsync(reader, context.RequestAborted) is not { } exported)
        {
            return Results.NotFound();
        }

        Secret(context);
        return Results.File(Encoding.ASCII.GetBytes(exported.Write()), "text/plain; charset=utf-8", $"checkpoint-{exported.Number}.txt");
    });

    private static async Task<IResult> GuardAsync(Func<Task<IResult>> answer)
    {
        try
        {
            return await answer();
        }
        catch (Exception exception) when (exception is AccessNotRecordedException or StorageUnavailableException)
        {
            return Results.Problem(AuditText.NotRecorded, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<ChangedBy?> FindAsync(HttpContext context, PersonStore people) =>
        context.User.FindFirstValue(ClaimTypes.NameIdentifier) is { } id
        && await people.FindAsync(id, context.RequestAborted) is { IsLocked: false } person
            ? new ChangedBy(id, person.DisplayName, CallerAddress.Of(context) ?? "page")
            : null;

    private static void Secret(HttpContext context) => context.Response.Headers.CacheControl = "private, no-store";
}
