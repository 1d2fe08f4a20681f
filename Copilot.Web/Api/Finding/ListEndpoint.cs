using Copilot.Web.Api.Runs;
using Copilot.Web.Identity;
using Copilot.Web.Runs.Finding;
using Copilot.Web.Storage.Search;

namespace Copilot.Web.Api.Finding;

/// <summary><c>GET /api/runs</c> and <c>GET /api/sessions</c>: the runs and sessions that the key's owner may see, by filter and search.</summary>
internal sealed class ListEndpoint(FindRuns find)
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(5);

    /// <summary>A page of runs.</summary>
    public Task<IResult> RunsAsync(HttpContext context, ApiCaller caller) => AnswerAsync(context, async query =>
        await find.ListAsync(caller.User.Id, query, context.RequestAborted) is { } runs
            ? TypedResults.Json(
                new RunListDocument([.. runs.Select(RunRowDocument.From)], runs.Count == query.Limit ? runs[^1].Cursor.ToString() : null), ApiJson.Default.Options)
            : ApiProblem.NotFound());

    /// <summary>A page of sessions.</summary>
    public Task<IResult> SessionsAsync(HttpContext context, ApiCaller caller) => AnswerAsync(context, async query =>
        await find.ListSessionsAsync(caller.User.Id, query, context.RequestAborted) is { } sessions
            ? TypedResults.Json(
                new SessionListDocument(
                    [.. sessions.Select(SessionRowDocument.From)], sessions.Count == query.Limit ? sessions[^1].Cursor.ToString() : null),
                ApiJson.Default.Options)
            : ApiProblem.NotFound());

    private static async Task<IResult> AnswerAsync(HttpContext context, Func<RunQuery, Task<IResult>> answer)
    {
        var (query, problem) = RunListQuery.Read(context.Request);
        if (query is null)
        {
            return problem!;
        }

        try
        {
            return await answer(query);
        }
        catch (SearchTooSlowException)
        {
            return ApiProblem.TryLater(StatusCodes.Status503ServiceUnavailable, ApiText.SearchTooSlow, s_retry);
        }
    }
}
