using Copilot.Domain.Responses.Failures;

namespace Copilot.Domain.Responses.Connecting;

/// <summary>What a transport is opened for.</summary>
public enum ConnectPurpose
{
    /// <summary>The next responses of a run, according to <c>Upstream:Transport</c>.</summary>
    Run,

    /// <summary>Preparation while the user types: like <see cref="Run"/>, but a slow socket is awaited, because no run is waiting yet.</summary>
    WarmUp,

    /// <summary>HTTP for one request; the transport then asks to be replaced (<see cref="FailureDecision.UseHttpForThisRequest"/>).</summary>
    HttpForRequest,

    /// <summary>A socket, whatever the breaker says: there is no HTTP (<see cref="FailureDecision.ReturnToSocket"/>).</summary>
    SocketForRun,

    /// <summary>HTTP for the rest of the run (<see cref="FailureDecision.UseHttpForThisRun"/>).</summary>
    HttpForRun,
}
