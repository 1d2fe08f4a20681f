using Copilot.Domain.Audit;
using Copilot.Web.Audit;
using System.Globalization;
using Copilot.Domain.Runs.Log;
using Copilot.Web.Security;
using Microsoft.Net.Http.Headers;

namespace Copilot.Web.Api;

/// <summary>The API's errors: problem details of RFC 9457, with a sentence that says what to change.</summary>
internal static partial class ApiProblem
{
    private static readonly TimeSpan s_storageRetry = TimeSpan.FromSeconds(5);

    /// <summary>A problem with its status and one sentence.</summary>
    public static IResult Of(int status, string detail) => TypedResults.Problem(detail, statusCode: status);

    /// <summary>A problem with one field of the body; <c>field</c> names it.</summary>
    public static IResult OfField(int status, string field, string detail) =>
        TypedResults.Problem(detail, statusCode: status, extensions: [new("field", field)]);

    /// <summary>A problem with a <c>code</c> that says which reason it is.</summary>
    public static IResult OfCode(int status, string code, string detail) =>
        TypedResults.Problem(detail, statusCode: status, extensions: [new("code", code)]);

    /// <summary>A request that is no proper HTTP.</summary>
    public static IResult Unreadable(BadHttpRequestException exception) => Of(
        exception.StatusCode,
        exception.StatusCode is StatusCodes.Status413PayloadTooLarge ? ApiText.BodyTooLarge : ApiText.Unreadable);

    /// <summary>400.</summary>
    public static IResult BadRequest(string detail) => Of(StatusCodes.Status400BadRequest, detail);

    /// <summary>404, the same for what does not exist and for what the caller may not know of.</summary>
    public static IResult NotFound() => Of(StatusCodes.Status404NotFound, ApiText.NotFound);

    /// <summary>A problem that passes by itself, with <c>Retry-After</c> in whole seconds.</summary>
    public static IResult TryLater(int status, string detail, TimeSpan retryAfter) => new Later(Of(status, detail), retryAfter);

    /// <summary>The same with a <c>code</c> that says which reason it is.</summary>
    public static IResult TryLater(int status, string detail, string code, TimeSpan retryAfter) =>
        new Later(TypedResults.Problem(detail, statusCode: status, extensions: [new("code", code)]), retryAfter);

    /// <summary>429, with <c>Retry-After</c>; <c>code</c> says which limit was reached.</summary>
    public static IResult TooMany(string detail, string? code, TimeSpan retryAfter) => new Later(
        TypedResults.Problem(detail, statusCode: StatusCodes.Status429TooManyRequests, extensions: code is null ? [] : [new("code", code)]), retryAfter);

    /// <summary>Turns what the endpoints throw into problems. Exception texts stay in the log.</summary>
    public static async ValueTask<object?> FilterAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        try
        {
            return await next(invocation);
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            return Unreadable(exception);
        }
        catch (StorageUnavailableException exception) when (!context.Response.HasStarted)
        {
            LogUnavailable(Logger(context), exception);
            return TryLater(StatusCodes.Status503ServiceUnavailable, ApiText.StorageUnavailable, s_storageRetry);
        }
        catch (AccessNotRecordedException exception) when (!context.Response.HasStarted)
        {
            LogUnavailable(Logger(context), exception);
            return TryLater(StatusCodes.Status503ServiceUnavailable, AuditText.NotRecorded, s_storageRetry);
        }
        catch (Exception exception) when (!context.Response.HasStarted && !ClientFaults.HasGone(context, exception))
        {
            LogFailed(Logger(context), exception);
            return Of(StatusCodes.Status500InternalServerError, ApiText.InternalError);
        }
    }

    private static ILogger Logger(HttpContext context) =>
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ApiProblem).FullName!);

    [LoggerMessage(LogLevel.Warning, "An API request was refused because storage is unavailable")]
    private static partial void LogUnavailable(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Error, "An API request failed")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    private sealed class Later(IResult problem, TimeSpan retryAfter) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var seconds = Math.Max(1, (long)Math.Ceiling(retryAfter.TotalSeconds));
            httpContext.Response.Headers[HeaderNames.RetryAfter] = seconds.ToString(CultureInfo.InvariantCulture);
            return problem.ExecuteAsync(httpContext);
        }
    }
}
