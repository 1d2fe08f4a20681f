using Copilot.Demo.Upstream.Protocol;
using Microsoft.AspNetCore.Routing.Template;

namespace Copilot.Demo.Upstream.Http;

/// <summary>Answers what no route of the API answers with the API's own error, so that nothing below its address reaches a web page.</summary>
internal static class UnknownPaths
{
    private const string Rest = "{**path}";

    public static void Map(RouteGroupBuilder group)
    {
        group.Map("/conversations/" + Rest, () => ResponsesEndpoints.ErrorResult(ApiError.NoConversations(param: null)));
        group.Map("/" + Rest, Answer);
    }

    // The routes themselves say which methods a path has.
    private static IResult Answer(HttpContext context, EndpointDataSource endpoints)
    {
        var pattern = ((RouteEndpoint)context.GetEndpoint()!).RoutePattern.RawText!;
        var root = pattern[..^Rest.Length];
        var path = context.Request.Path;
        var allowed = endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText?.StartsWith(root, StringComparison.Ordinal) is true && Matches(endpoint, path))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])
            .Where(method => !HttpMethods.IsConnect(method))
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        if (allowed.Count == 0)
        {
            return ResponsesEndpoints.ErrorResult(ApiError.UnknownUrl(context.Request.Method, path));
        }

        context.Response.Headers.Allow = string.Join(", ", allowed);
        return ResponsesEndpoints.ErrorResult(ApiError.MethodNotAllowed(context.Request.Method, path));
    }

    private static bool Matches(RouteEndpoint endpoint, PathString path) =>
        new TemplateMatcher(TemplateParser.Parse(endpoint.RoutePattern.RawText!.TrimStart('/')), []).TryMatch(path, []);
}
