using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Responses.Transports;

namespace Copilot.Domain.Responses.Connecting;

/// <summary>Warms an open socket while the user types (<c>generate:false</c>), so that the first answer begins sooner.</summary>
public static class SocketWarmUp
{
    private const int BadRequest = 400;

    /// <summary>
    /// Sends the warm-up and waits for its end. The session continues from it if the next request starts with the same settings and
    /// input. Call it before the first request, from the loop that owns the session.
    /// </summary>
    /// <param name="session">What the run has sent to its upstream.</param>
    /// <param name="transport">The open transport.</param>
    /// <param name="settings">The settings of the requests to come; other settings make the warm-up worthless.</param>
    /// <param name="knownInput">The conversation so far, without the message that is being typed. May be empty.</param>
    /// <param name="cancellationToken">Cancels; the socket can then only be closed.</param>
    public static async Task<WarmUpResult> SendAsync(
        ResponsesSession session,
        IResponsesTransport transport,
        ResponseSettings settings,
        IReadOnlyList<InputItem> knownInput,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(transport);
        if (transport.Kind != TransportKind.WebSocket)
        {
            return new WarmUpResult(WarmUpOutcome.NotTaken, Refused: false, Warmed: null);
        }

        var plan = session.PlanWarmUp(transport, settings, knownInput);
        WarmUpResult? result = null;
        try
        {
            await foreach (var received in transport.CreateResponseAsync(plan.Prepared, cancellationToken).ConfigureAwait(false))
            {
                if (received is OutputItemEvent or TextDeltaEvent)
                {
                    // This upstream ignores generate:false and has started to answer. Leaving makes the socket unusable.
                    return result = new WarmUpResult(WarmUpOutcome.Broken, Refused: true, Warmed: null);
                }

                result = ResultOf(received, plan) ?? result;
            }

            if (result?.Warmed is { } warmed)
            {
                session.Completed(warmed.ResponseId, []);
            }

            return result ??= new WarmUpResult(WarmUpOutcome.NotTaken, Refused: false, Warmed: null);
        }
        catch (TransportException)
        {
            // Nothing of the user's is lost: the run connects again.
            return result = new WarmUpResult(WarmUpOutcome.Broken, Refused: false, Warmed: null);
        }
        finally
        {
            if (result?.Warmed is null)
            {
                session.Failed();
            }
        }
    }

    private static WarmUpResult? ResultOf(ResponseEvent received, ResponsePlan plan) => received switch
    {
        ResponseLifecycleEvent { Response: { Status: ResponseStatus.Completed, Id.Length: > 0 } response } => new WarmUpResult(
            WarmUpOutcome.Warm, Refused: false, new ConnectNotice.Warmed(response.Id, plan.InputItems, plan.Bytes, response.Usage ?? default)),
        ResponseErrorEvent { Error.Status: BadRequest } => new WarmUpResult(WarmUpOutcome.NotTaken, Refused: true, Warmed: null),
        _ => null,
    };
}
