using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Responses.Requests;

namespace Copilot.Domain.Responses.Failures;

/// <summary>What to do after a response did not complete. See <see cref="FailurePolicy"/>.</summary>
public abstract record FailureDecision
{
    private FailureDecision()
    {
    }

    /// <summary>Name of the rule that decided; the rules are listed in <c>docs/transport.md</c>.</summary>
    public string Rule { get; init; } = "";

    /// <summary>Why, in one plain sentence for people.</summary>
    public required string Reason { get; init; }

    /// <summary>The time-out that fired, or null for another cause.</summary>
    public UpstreamTimeout? Timeout { get; init; }

    /// <summary>True when the upstream may have worked on the request, so that sending it again may be billed twice.</summary>
    public bool MayBeBilledTwice { get; init; }

    /// <summary>Send the whole input again, at once. A socket that has reported an error is not trusted with it: some are deaf from then on.</summary>
    public sealed record ResendFull : FailureDecision;

    /// <summary>Compact the conversation, then send it whole; where that fails, end the run.</summary>
    /// <param name="Otherwise">How the run ends then.</param>
    public sealed record CompactAndResend(EndRun Otherwise) : FailureDecision;

    /// <summary>Leave out what the upstream refused of the conversation, and send the rest again.</summary>
    /// <param name="ItemType">The API's type of the input items to leave out, or null.</param>
    /// <param name="Files">The files to leave out.</param>
    public sealed record OmitAndResend(string? ItemType, IReadOnlyList<MessageFile> Files) : FailureDecision;

    /// <summary>Leave out a setting that nobody set, for this upstream and model from now on, and send the request again.</summary>
    /// <param name="Extra">Which.</param>
    public sealed record ResendWithout(RequestExtra Extra) : FailureDecision;

    /// <summary>There is no HTTP to fall back to: wait, connect a socket (<see cref="ConnectPurpose.SocketForRun"/>) and send the whole input.</summary>
    /// <param name="Delay">How long to wait first.</param>
    public sealed record ReturnToSocket(TimeSpan Delay) : FailureDecision;

    /// <summary>Close the transport, wait, connect again (<see cref="ConnectPurpose.Run"/>) and send the whole input.</summary>
    /// <param name="Delay">How long to wait first.</param>
    public sealed record ReconnectAndResendFull(TimeSpan Delay) : FailureDecision;

    /// <summary>Wait visibly, then send the whole input again by the same kind of transport; a socket is a new one.</summary>
    /// <param name="Delay">How long to wait first.</param>
    public sealed record WaitAndRetry(TimeSpan Delay) : FailureDecision;

    /// <summary>Close the transport and send this request by HTTP (<see cref="ConnectPurpose.HttpForRequest"/>); other requests may still use sockets.</summary>
    public sealed record UseHttpForThisRequest : FailureDecision;

    /// <summary>Close the transport and use HTTP for the rest of the run (<see cref="ConnectPurpose.HttpForRun"/>).</summary>
    public sealed record UseHttpForThisRun : FailureDecision;

    /// <summary>End the run as failed.</summary>
    /// <param name="Code">Stable, for programs: the upstream's own code where it gave one.</param>
    /// <param name="Message">What happened, for people; the upstream's own message where it gave one.</param>
    /// <param name="Advice">What people can do.</param>
    public sealed record EndRun(string Code, string Message, string Advice) : FailureDecision;

    /// <summary>End the run as completed with <c>incomplete_reason</c> and offer to continue.</summary>
    /// <param name="IncompleteReason">The upstream's <c>incomplete_details.reason</c>.</param>
    public sealed record CompleteIncomplete(string IncompleteReason) : FailureDecision;
}
