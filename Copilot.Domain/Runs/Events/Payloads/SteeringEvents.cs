namespace Copilot.Domain.Runs.Events.Payloads;

/// <summary>How a message reached the model.</summary>
public enum SteerRoute
{
    /// <summary>Into the response that was being generated.</summary>
    Steer,

    /// <summary>With the next request.</summary>
    NextRequest,
}

/// <summary><c>steer.requested</c>, by the person: a message for the agent while it works.</summary>
/// <param name="SteerId">Made by the client; the same id twice is one message.</param>
/// <param name="Text">The message.</param>
public sealed record SteerRequested(string? SteerId, string? Text) : RunEventPayload
{
    /// <summary>Why it was said; null where no reason was given.</summary>
    public string? Reason { get; init; }
}

/// <summary><c>steer.sent</c>, by the agent, committed before the message is sent into a response.</summary>
/// <param name="SteerId">The message.</param>
/// <param name="ResponseId">The response.</param>
public sealed record SteerSent(string? SteerId, string? ResponseId) : RunEventPayload;

/// <summary><c>steer.delivered</c>, by the agent: the model has the message, where this event stands among its items.</summary>
/// <param name="SteerId">The message.</param>
/// <param name="How">How it got there.</param>
public sealed record SteerDelivered(string? SteerId, SteerRoute? How) : RunEventPayload;

/// <summary><c>steer.failed</c>, by the agent: the message could not be sent into a response.</summary>
/// <param name="SteerId">The message.</param>
/// <param name="Reason">Why, as a sentence.</param>
/// <param name="Final">True when the run ended first and the model never gets it; null where it goes with the next request.</param>
public sealed record SteerFailed(string? SteerId, string? Reason, bool? Final) : RunEventPayload;
