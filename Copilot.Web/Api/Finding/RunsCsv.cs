using System.Globalization;
using System.Security.Claims;
using System.Text;
using Copilot.Domain.Audit;
using Copilot.Domain.Costs;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Api.Runs;
using Copilot.Web.Audit;
using Copilot.Web.Identity;
using Copilot.Web.Options;
using Copilot.Web.Runs.Finding;
using Copilot.Web.Storage.Search;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Copilot.Web.Api.Finding;

/// <summary>
/// <c>GET /runs.csv</c>: the list of the page <c>/runs</c> as a file, for a signed-in person, with what that page shows them. It streams, and
/// ends when the browser goes.
/// </summary>
internal sealed partial class RunsCsv(FindRuns find, PersonStore people, RequestReads reads, IOptions<DisplayOptions> display, ILogger<RunsCsv> logger)
{
    private static readonly Column[] s_columns =
    [
        new("run_id", run => run.RunId),
        new("session_id", run => run.SessionId),
        new("title", run => run.Title),
        new("question", run => run.Input),
        new("person", run => run.Person ?? run.PersonId),
        new("team", run => run.Team ?? run.TeamId) { IsTechnical = true },
        new("agent", run => run.Agent),
        new("model", run => run.Model) { IsTechnical = true },
        new("status", run => run.Status.ToWire()),
        new("created_at", run => ApiTime.Format(run.CreatedAt)),
        new("completed_at", run => run.CompletedAt is { } completed ? ApiTime.Format(completed) : ""),
        new("duration_s", run => run.Duration.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)),
        new("tokens", run => run.Tokens.ToString(CultureInfo.InvariantCulture)) { IsTechnical = true },
        new("cost", run => Money.ToUnits(run.CostMicros).ToString(CultureInfo.InvariantCulture)) { IsCost = true },
        new("currency", run => run.Currency) { IsCost = true },
        new("tools", run => string.Join(' ', run.Tools)),
        new("transport", run => run.Transport?.ToString()) { IsTechnical = true },
        new("error", run => run.ErrorCode) { IsTechnical = true },
        new("intervention", run => run.HasIntervention ? "yes" : "no"),
        new("found_in_event", run => run.Hit?.Seq.ToString(CultureInfo.InvariantCulture)),
        new("found", run => run.Hit?.Snippet is { } snippet ? string.Concat(snippet.Parts.Select(part => part.Text)) : ""),
    ];

    /// <summary>Answers the request.</summary>
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var aborted = context.RequestAborted;
        if (context.User.FindFirstValue(ClaimTypes.NameIdentifier) is not { } userId || await people.FindAsync(userId, aborted) is not { } person)
        {
            return ApiProblem.NotFound();
        }

        var (query, problem) = RunListQuery.Read(context.Request);
        if (query is null)
        {
            return problem!;
        }

        var zone = person.TimeZone is { } name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var own) ? own : TimeZoneInfo.Utc;
        var isStaff = person.Role == Roles.Staff;
        var columns = Array.FindAll(s_columns, column => !isStaff || !(column.IsTechnical || (column.IsCost && !display.Value.StaffSeeCosts)));
        if (!isStaff)
        {
            await reads.RecordAsync(AccessActions.Exported, userId, "runs.csv" + context.Request.QueryString, ownerId: null, aborted);
        }

        try
        {
            await WriteAsync(context, columns, find.ExportAsync(userId, query with { Zone = zone }, aborted));
        }
        catch (SearchTooSlowException) when (!context.Response.HasStarted)
        {
            return ApiProblem.Of(StatusCodes.Status503ServiceUnavailable, ApiText.SearchTooSlow);
        }
        catch (SearchTooSlowException exception)
        {
            // A file that ends well looks whole.
            LogCut(exception);
            context.Abort();
        }

        return Results.Empty;
    }

    private static async Task WriteAsync(HttpContext context, Column[] columns, IAsyncEnumerable<IReadOnlyList<FoundRun>> pages)
    {
        await foreach (var page in pages)
        {
            // After the first page was read: a search that is too slow has a status of its own.
            await BeginAsync(context, columns);
            await context.Response.WriteAsync(string.Concat(page.Select(run => Line(columns.Select(column => column.Value(run))))), Encoding.UTF8, context.RequestAborted);
        }

        await BeginAsync(context, columns);
    }

    private static async Task BeginAsync(HttpContext context, Column[] columns)
    {
        if (context.Response.HasStarted)
        {
            return;
        }

        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers[HeaderNames.ContentDisposition] = "attachment; filename=\"runs.csv\"";
        context.Response.Headers[HeaderNames.CacheControl] = "no-store";
        // With the mark that tells spreadsheets the encoding.
        await context.Response.Body.WriteAsync(Encoding.UTF8.Preamble.ToArray(), context.RequestAborted);
        await context.Response.WriteAsync(Line(columns.Select(column => column.Name)), Encoding.UTF8, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static string Line(IEnumerable<string?> fields) => string.Join(',', fields.Select(CsvField.Of)) + "\r\n";

    [LoggerMessage(LogLevel.Warning, "A list of runs could not be exported to its end")]
    private partial void LogCut(Exception exception);

    private sealed record Column(string Name, Func<FoundRun, string?> Value)
    {
        public bool IsTechnical { get; init; }

        public bool IsCost { get; init; }
    }
}
