using Copilot.Domain.Audit;
using Copilot.Web.Api.Runs;
using Copilot.Web.Audit;
using Copilot.Web.Identity;
using Copilot.Web.Runs.Finding;
using Copilot.Web.Storage.Search;

namespace Copilot.Web.Api.Finding;

/// <summary><c>GET /api/runs</c> and <c>GET /api/sessions</c>: the runs and sessions that the key's owner may see, by filter and search.</summary>
internal sealed class ListEndpoint(FindRuns find, RequestReads reads)
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(5);

    /// <summary>A page of runs.</summary>
    public Task<IResult> RunsAsync(HttpContext context, ApiCaller caller) => AnswerAsync(context, async query =>
    {
        if (await find.ListAsync(caller.User.Id, query, context.RequestAborted) is not { } runs)
        {
            return ApiProblem.NotFound();
        }

        await RecordAsync(caller, query, runs.Select(run => run.PersonId), context.RequestAborted);
        return TypedResults.Json(
            new RunListDocument([.. runs.Select(RunRowDocument.From)], runs.Count == query.Limit ? runs[^1].Cursor.ToString() : null), ApiJson.Default.Options);
    });

    /// <summary>A page of sessions.</summary>
    public Task<IResult> SessionsAsync(HttpContext context, ApiCaller caller) => AnswerAsync(context, async query =>
    {
        if (await find.ListSessionsAsync(caller.User.Id, query, context.RequestAborted) is not { } sessions)
        {
            return ApiProblem.NotFound();
        }

        await RecordAsync(caller, query, sessions.Select(session => session.PersonId), context.RequestAborted);
        return TypedResults.Json(
            new SessionListDocument(
                [.. sessions.Select(SessionRowDocument.From)], sessions.Count == query.Limit ? sessions[^1].Cursor.ToString() : null),
            ApiJson.Default.Options);
    });

    // A list says what everybody who may look knows; that words were found in what others wrote is a look into it.
    private Task RecordAsync(ApiCaller caller, RunQuery query, IEnumerable<string> owners, CancellationToken cancellationToken) =>
        query.Filter.Search.Length == 0 || owners.All(owner => owner == caller.User.Id)
            ? Task.CompletedTask
            : reads.RecordAsync(AccessActions.SearchHits, caller.User.Id, query.Filter.Search, ownerId: null, cancellationToken);

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
