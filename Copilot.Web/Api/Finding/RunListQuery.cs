using Copilot.Web.Runs.Finding;
using Copilot.Web.Storage.Search;
using Microsoft.OpenApi;

namespace Copilot.Web.Api.Finding;

/// <summary>What a request for a list of runs asks for. Unlike an address on screen it has to be right.</summary>
internal static class RunListQuery
{
    private const int DefaultPage = 50;

    /// <summary>Reads it; null with the problem where something in it is unknown or not valid.</summary>
    public static (RunQuery? Query, IResult? Problem) Read(HttpRequest request)
    {
        var (sort, isAscending, limit) = (RunSort.Date, false, DefaultPage);
        RunCursor? after = null;
        foreach (var (key, values) in request.Query)
        {
            if (values is not [{ } value, ..])
            {
                continue;
            }

            var isRight = key switch
            {
                RunFilter.SearchKey => true,
                "sort" => !char.IsAsciiDigit(value.FirstOrDefault('0')) && Enum.TryParse(value, ignoreCase: true, out sort) && Enum.IsDefined(sort),
                "order" => (isAscending = value == "asc") || value == "desc",
                "limit" => int.TryParse(value, out limit) && limit is >= 1 and <= FindRuns.MaxPage,
                "after" => (after = RunCursor.Parse(value)) is not null,
                _ when RunFilter.FieldOf(key) is { } field => values.All(one => one is { Length: > 0 } && new RunCondition(field, key.EndsWith('!'), one).IsValid),
                _ => false,
            };
            if (!isRight)
            {
                return (null, ApiProblem.BadRequest(ApiText.ListParameterInvalid(key)));
            }
        }

        var filter = RunFilter.Parse(request.QueryString.Value ?? "");
        return (new RunQuery(filter, sort, isAscending, after, limit, TimeZoneInfo.Utc), null);
    }

    /// <summary>Describes it.</summary>
    public static RouteHandlerBuilder TakesRunList(this RouteHandlerBuilder endpoint)
    {
        endpoint
            .Takes(ParameterLocation.Query, RunFilter.SearchKey, "Words, or \"phrases\" in quotes, that messages, answers, arguments and results have.")
            .Takes(ParameterLocation.Query, "sort", "date, cost, duration or tokens.")
            .Takes(ParameterLocation.Query, "order", "desc or asc.")
            .Takes(ParameterLocation.Query, "limit", $"Rows of a page, 1 to {FindRuns.MaxPage}; {DefaultPage} if it is left out.")
            .Takes(ParameterLocation.Query, "after", "What 'next' of the page before says.");
        foreach (var field in Enum.GetValues<RunField>())
        {
            endpoint.Takes(ParameterLocation.Query, new RunCondition(field, IsNot: false, "").Key, ApiText.ListField(RunCondition.IsMeasured(field)));
        }

        return endpoint;
    }
}
