using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Transports;

namespace Copilot.Domain.Responses.Failures;

public static partial class FailurePolicy
{
    /// <summary>What the rules test: the failure in one form, whatever its source.</summary>
    private sealed record FailureDetails
    {
        public required FailureContext Context { get; init; }

        /// <summary>The message for people.</summary>
        public required string Message { get; init; }

        /// <summary>The upstream's own code, or ours.</summary>
        public required string Code { get; init; }

        /// <summary>The transport's error, or null when the upstream reported the error as an event.</summary>
        public TransportException? Broken { get; init; }

        /// <summary>The upstream's error: from an event, or from the body of a refusal.</summary>
        public ResponseError? Error { get; init; }

        public UpstreamFailure.Incomplete? Incomplete { get; init; }

        public TransportEnd? EndedIdle { get; init; }

        /// <summary>The status, or the one that the error's type stands for: an event has none, and means the same.</summary>
        public int? Status => Error?.Status ?? Broken?.HttpStatus ?? StatusOf(Error?.ErrorType) ?? StatusOf(Error?.Code);

        public TimeSpan? RetryAfter => Error?.RetryAfter ?? Broken?.RetryAfter;

        /// <summary>A socket that may be left for HTTP.</summary>
        public bool MayUseHttp => Context is { Kind: TransportKind.WebSocket, Choice: TransportChoice.Auto, HttpIsMissing: false };

        public bool IsHttp => Context.Kind == TransportKind.Http;

        public bool MayBeBilledTwice => Context.Arrived || Broken is { MayHaveBeenSent: true, Failure: not TransportFailure.Refused };

        public bool Is(TransportFailure failure) => Broken?.Failure == failure;

        /// <summary>True when the upstream's code or type is one of these.</summary>
        public bool HasCode(params ReadOnlySpan<string> codes) =>
            Error is { } error && (codes.Contains(error.Code ?? "") || codes.Contains(error.ErrorType ?? ""));

        public bool Mentions(string text) => Error?.Message.Contains(text, StringComparison.OrdinalIgnoreCase) == true;

        public static FailureDetails Of(UpstreamFailure failure, FailureContext context) => failure switch
        {
            UpstreamFailure.Broken { Error: var broken } => new FailureDetails
            {
                Context = context,
                Broken = broken,
                Error = broken.Error,
                Message = broken.Message,
                Code = CodeOf(broken.Error) ?? CodeOf(broken.Failure),
            },
            UpstreamFailure.ReportedError { Error: var reported } => new FailureDetails
            {
                Context = context,
                Error = reported,
                Message = reported.Message,
                Code = CodeOf(reported) ?? "upstream_error",
            },
            UpstreamFailure.EndedIdle { End: var end } => new FailureDetails
            {
                Context = context,
                EndedIdle = end,
                Message = end.Detail ?? "The upstream closed the connection.",
                Code = "upstream_lost",
            },
            UpstreamFailure.Incomplete incomplete => new FailureDetails
            {
                Context = context,
                Incomplete = incomplete,
                Message = "The response ended early.",
                Code = "incomplete",
            },
            _ => throw new ArgumentOutOfRangeException(nameof(failure)),
        };

        private static int? StatusOf(string? type) => type switch
        {
            "invalid_request_error" or "BadRequestError" or "bad_request" => 400,
            "authentication_error" => 401,
            "permission_error" => 403,
            "not_found_error" => 404,
            "request_too_large" => 413,
            "rate_limit_error" => 429,
            "api_error" or "server_error" => 500,
            "overloaded_error" => 529,
            _ => null,
        };

        private static string? CodeOf(ResponseError? error) => error?.Code ?? error?.ErrorType;

        private static string CodeOf(TransportFailure failure) => failure switch
        {
            TransportFailure.ConnectTimeout => "upstream_connect_timeout",
            TransportFailure.Unreachable => "upstream_unreachable",
            TransportFailure.Refused => "upstream_refused",
            TransportFailure.FirstEventTimeout => "upstream_silent",
            TransportFailure.KeepAliveTimeout or TransportFailure.StallTimeout or TransportFailure.Lost => "upstream_lost",
            TransportFailure.TooLarge => "too_large",
            _ => "upstream_protocol",
        };
    }
}
