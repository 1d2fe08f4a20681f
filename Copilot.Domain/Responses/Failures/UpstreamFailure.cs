using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Transports;

namespace Copilot.Domain.Responses.Failures;

/// <summary>Why a response did not complete.</summary>
public abstract record UpstreamFailure
{
    private UpstreamFailure()
    {
    }

    /// <summary>The transport could not be opened, or broke.</summary>
    public sealed record Broken(TransportException Error) : UpstreamFailure;

    /// <summary>The upstream reported an error: an <c>error</c> event, or <c>response.failed</c>.</summary>
    public sealed record ReportedError(ResponseError Error) : UpstreamFailure;

    /// <summary><c>response.incomplete</c>.</summary>
    /// <param name="Reason">The API's <c>incomplete_details.reason</c>, or null.</param>
    public sealed record Incomplete(string? Reason) : UpstreamFailure;

    /// <summary>The transport ended between two responses.</summary>
    public sealed record EndedIdle(TransportEnd End) : UpstreamFailure;

    /// <summary>The failure reported by a response's last event, or null when the response completed.</summary>
    public static UpstreamFailure? Of(ResponseEvent terminal)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        return terminal switch
        {
            ResponseErrorEvent reported => new ReportedError(reported.Error),
            ResponseLifecycleEvent { Response.Status: ResponseStatus.Completed } => null,
            ResponseLifecycleEvent { Response: { Status: ResponseStatus.Incomplete } response } => new Incomplete(response.IncompleteReason),
            ResponseLifecycleEvent { Response.Error: { } error } => new ReportedError(error),
            ResponseLifecycleEvent { Response.Status: ResponseStatus.Cancelled } => new ReportedError(
                new ResponseError { Code = "response_cancelled", Message = "The upstream cancelled the response." }),
            _ => new ReportedError(new ResponseError { Message = "The upstream ended the response without saying how." }),
        };
    }
}
