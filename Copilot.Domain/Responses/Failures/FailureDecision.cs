using Copilot.Domain.Responses.Connecting;

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

    /// <summary>Send the whole input again, at once, on the same transport.</summary>
    public sealed record ResendFullSameSocket : FailureDecision;

    /// <summary>Compact the conversation, then send it whole; where that fails, end the run.</summary>
    /// <param name="Otherwise">How the run ends then.</param>
    public sealed record CompactAndResend(EndRun Otherwise) : FailureDecision;

    /// <summary>Close the transport, wait, connect again (<see cref="ConnectPurpose.Run"/>) and send the whole input.</summary>
    /// <param name="Delay">How long to wait first.</param>
    public sealed record ReconnectAndResendFull(TimeSpan Delay) : FailureDecision;

    /// <summary>Wait visibly, then send the whole input again on the same transport (a new one if it has ended meanwhile).</summary>
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
