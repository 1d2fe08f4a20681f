namespace Copilot.Domain.Responses;

/// <summary>What became of a warm-up.</summary>
public enum WarmUpOutcome
{
    /// <summary>The upstream has read instructions, tools and input; the next request is a delta.</summary>
    Warm,

    /// <summary>The transport is HTTP, or the upstream does not take warm-ups. The transport is as good as before.</summary>
    NotTaken,

    /// <summary>The socket broke over it; it has to be replaced.</summary>
    Broken,
}

/// <summary>Warms an open socket while the user types (<c>generate:false</c>), so that the first answer begins sooner.</summary>
public static class SocketWarmUp
{
    /// <summary>
    /// Sends the warm-up and waits for its end. The session continues from it when the next request begins with the same settings and
    /// input. Call it before the first request, from the loop that owns the session.
    /// </summary>
    /// <param name="session">What the run has told its upstream.</param>
    /// <param name="transport">The open transport.</param>
    /// <param name="settings">The settings of the requests to come; other settings make the warm-up worthless.</param>
    /// <param name="knownInput">The conversation so far, without the message that is being typed. May be empty.</param>
    /// <param name="cancellationToken">Gives up; the socket can then only be closed.</param>
    public static async Task<WarmUpOutcome> SendAsync(
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
            return WarmUpOutcome.NotTaken;
        }

        var plan = session.PlanWarmUp(transport, settings, knownInput);
        var warm = false;
        try
        {
            await foreach (var received in transport.CreateResponseAsync(plan.Request, cancellationToken).ConfigureAwait(false))
            {
                if (received is ResponseLifecycleEvent { Response: { Status: ResponseStatus.Completed, Id.Length: > 0 } response })
                {
                    session.Completed(response.Id, []);
                    warm = true;
                }
            }

            return warm ? WarmUpOutcome.Warm : WarmUpOutcome.NotTaken;
        }
        catch (TransportException)
        {
            // Nothing of the user's is lost with it: the run connects anew.
            return WarmUpOutcome.Broken;
        }
        finally
        {
            if (!warm)
            {
                session.Failed();
            }
        }
    }
}
