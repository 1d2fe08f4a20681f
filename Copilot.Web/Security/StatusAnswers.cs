using Copilot.Web.Api;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Copilot.Web.Security;

/// <summary>
/// Gives a body to answers that have none, and never another status: the "not found" page to a browser that opens an address, a problem
/// to the API's clients, the demo upstream's kind of error to its own, and one sentence to all others.
/// </summary>
internal static class StatusAnswers
{
    private const string DemoUpstream = "/demo/v1";

    /// <summary>Call it before what answers with a status alone.</summary>
    public static IApplicationBuilder UseStatusAnswers(this IApplicationBuilder app)
    {
        app.UseStatusCodePages(context => AnswerAsync(context.HttpContext));
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        return app.Use(async (context, next) =>
        {
            var (page, wantsPage) = (context.Features.Get<IStatusCodePagesFeature>(), WantsPage(context));
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: StatusCodes.Status405MethodNotAllowed }
                && context.Response.Headers.Allow == "GET, HEAD")
            {
                // Only what looks for static files by any name was found.
                context.Response.Headers.Remove(HeaderNames.Allow);
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            }

            if (page is not null && (!wantsPage || context.Response.StatusCode != StatusCodes.Status404NotFound))
            {
                // That page says one thing only.
                page.Enabled = false;
            }
        });
    }

    /// <summary>A page is for who opens an address in a browser. A form or a program that gets one takes it for something else.</summary>
    internal static bool WantsPage(HttpContext context) =>
        (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        && !IsProgram(context.Request.Path)
        && (context.Request.GetTypedHeaders().Accept ?? []).Any(type =>
            type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) && type.Quality is not 0);

    private static bool IsProgram(PathString path) =>
        path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments(DemoUpstream, StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase);

    private static Task AnswerAsync(HttpContext context)
    {
        var status = context.Response.StatusCode;
        var path = context.Request.Path;
        if (path.StartsWithSegments(DemoUpstream, StringComparison.OrdinalIgnoreCase))
        {
            return context.Response.WriteAsJsonAsync(
                new { error = new { message = Sentence(context, status), type = "invalid_request_error", param = (string?)null, code = (string?)null } },
                context.RequestAborted);
        }

        if (path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            return ApiProblem.Of(status, Sentence(context, status)).ExecuteAsync(context);
        }

        context.Response.Headers[HeaderNames.ContentType] = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(Sentence(context, status), context.RequestAborted);
    }

    private static string Sentence(HttpContext context, int status) => status switch
    {
        StatusCodes.Status404NotFound => SecurityText.NothingHere(context.Request.Method),
        StatusCodes.Status413PayloadTooLarge => SecurityText.TooLarge,
        _ => SecurityText.Refused(status, ReasonPhrases.GetReasonPhrase(status)),
    };
}
