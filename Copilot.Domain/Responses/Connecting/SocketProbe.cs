using Copilot.Domain.Responses.Transports;

namespace Copilot.Domain.Responses.Connecting;

/// <summary>
/// One attempt to have a socket, from before its connect until its first event. Its verdict goes to the <see cref="SocketBreaker"/>;
/// the first verdict counts.
/// </summary>
internal sealed class SocketProbe(SocketBreaker breaker, int era, Task unwanted) : ISocketProbe
{
    private readonly TaskCompletionSource _adopted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _decided;

    /// <summary>The closed period of the breaker in which the attempt began; a verdict about an earlier one says nothing.</summary>
    public int Era => era;

    /// <summary>Completes when sockets have been turned off since: an attempt still waiting for its turn to connect gives up.</summary>
    public Task Unwanted => unwanted;

    /// <summary>Completes when a run has taken the socket that was tried in the background.</summary>
    public Task Adopted => _adopted.Task;

    /// <summary>True when it alone decides whether sockets are used again.</summary>
    public bool IsProbe => breaker.IsProbe(this);

    /// <summary>True while a socket of this attempt would be used.</summary>
    public bool IsWanted => breaker.IsWanted(this);

    /// <summary>Its socket is late: HTTP serves, and until it is decided no other socket is tried.</summary>
    public void TimedOut(string reason) => breaker.TimedOut(this, reason);

    /// <summary>The first event has come: sockets work.</summary>
    public void Succeeded()
    {
        if (Decide())
        {
            breaker.Succeeded(this);
        }
    }

    /// <summary>The socket was refused, swallowed, or accepted and then refused in practice.</summary>
    public void Failed(string reason, UpstreamTimeout? clock)
    {
        if (Decide())
        {
            breaker.Failed(this, reason, clock);
        }
    }

    /// <summary>The connection was cut before its first event. That may be chance: only the second in a row counts as a failure.</summary>
    public void Lost(string reason)
    {
        if (Decide())
        {
            breaker.Lost(this, reason);
        }
    }

    /// <summary>It was given up by us, so it says nothing about sockets.</summary>
    public void Released()
    {
        if (Decide())
        {
            breaker.Released(this);
        }
    }

    internal void Adopt() => _adopted.TrySetResult();

    private bool Decide() => Interlocked.Exchange(ref _decided, 1) == 0;
}
