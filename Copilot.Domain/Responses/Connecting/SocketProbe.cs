using Copilot.Domain.Responses.Transports;

namespace Copilot.Domain.Responses.Connecting;

/// <summary>
/// One attempt to get a socket, from before its connect until its first event. It reports its result to the <see cref="SocketBreaker"/>;
/// only the first report counts.
/// </summary>
internal sealed class SocketProbe(SocketBreaker breaker, int generation, Task unwanted) : ISocketProbe
{
    private readonly TaskCompletionSource _adopted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _decided;

    /// <summary>The breaker's closed period in which the attempt started; results of an earlier period are ignored.</summary>
    public int Generation => generation;

    /// <summary>Completes when sockets are disabled: an attempt still waiting for its turn to connect is given up.</summary>
    public Task Unwanted => unwanted;

    /// <summary>Completes when a run has taken the spare socket.</summary>
    public Task Adopted => _adopted.Task;

    /// <summary>True when its result alone decides whether sockets are used again.</summary>
    public bool IsProbe => breaker.IsProbe(this);

    /// <summary>True while a socket from this attempt would be used.</summary>
    public bool IsWanted => breaker.IsWanted(this);

    /// <summary>The socket is late: HTTP is used, and no other socket is tried until this one has a result.</summary>
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
    public void Failed(string reason, UpstreamTimeout? timeout)
    {
        if (Decide())
        {
            breaker.Failed(this, reason, timeout);
        }
    }

    /// <summary>The connection was lost before its first event. That may be chance: only the second in a row counts as a failure.</summary>
    public void Lost(string reason)
    {
        if (Decide())
        {
            breaker.Lost(this, reason);
        }
    }

    /// <summary>We gave it up, so it says nothing about sockets.</summary>
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
