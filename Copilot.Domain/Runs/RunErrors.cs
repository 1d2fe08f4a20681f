using Copilot.Domain.Responses;

namespace Copilot.Domain.Runs;

/// <summary>What people read when the upstream fails, and what they can do.</summary>
internal static class RunErrors
{
    /// <summary>The upstream's own error, or its broken connection.</summary>
    public static RunError Of(Exception exception) => exception is TransportException transport
        ? Of(transport)
        : new RunError("internal_error", "Something went wrong on this server.", "Try again; the server's log says more.");

    /// <summary>An error inside the response.</summary>
    public static RunError Of(ResponseError error) =>
        new(error.Code ?? error.ErrorType ?? "upstream_error", error.Message, AdviceFor(error.Code, error.Status));

    private static RunError Of(TransportException exception)
    {
        if (exception.Error is { } error)
        {
            return new RunError(
                error.Code ?? error.ErrorType ?? "upstream_refused",
                error.Message,
                AdviceFor(error.Code, error.Status ?? exception.HttpStatus));
        }

        var code = exception.Failure switch
        {
            TransportFailure.ConnectTimeout => "upstream_connect_timeout",
            TransportFailure.Unreachable => "upstream_unreachable",
            TransportFailure.Refused => "upstream_refused",
            TransportFailure.FirstEventTimeout => "upstream_silent",
            TransportFailure.Lost => "upstream_lost",
            TransportFailure.TooLarge => "too_large",
            _ => "upstream_protocol",
        };
        return new RunError(code, exception.Message, AdviceFor(code, exception.HttpStatus));
    }

    private static string AdviceFor(string? code, int? status) => (code, status) switch
    {
        ("context_length_exceeded", _) => "The conversation is too long for the model. Start a new one.",
        ("insufficient_quota" or "usage_not_included", _) => "The account at the upstream has no quota left. Ask an admin.",
        ("rate_limit_exceeded", _) or (_, 429) => "The upstream is busy. Wait a little, then try again.",
        ("server_is_overloaded" or "slow_down", _) or (_, 503) => "The upstream is overloaded. Try again in a minute.",
        ("too_large", _) => "The request is too large. Start a new conversation or send less.",
        (_, 401 or 403) => "The upstream refused the key. Ask an admin to check Upstream:ApiKey.",
        (_, >= 400 and < 500) => "The upstream did not accept the request. Ask an admin if this stays so.",
        _ => "Try again. If this stays so, ask an admin to check the upstream.",
    };
}
