namespace Copilot.Domain.Responses.Transports;

/// <summary>The time-out of the first event: it runs from the request until the first event stops it.</summary>
internal sealed class FirstEventTimeout : IDisposable
{
    private readonly CancellationTokenSource _timeout;
    private readonly CancellationTokenSource _either;

    /// <summary>Starts the time-out.</summary>
    public FirstEventTimeout(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        Limit = limit;
        _timeout = new CancellationTokenSource(limit, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timeout.Token, cancellationToken);
    }

    /// <summary>The time limit.</summary>
    public TimeSpan Limit { get; }

    /// <summary>Cancelled when the time-out fires, and when the caller cancels.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>True when the time-out has fired.</summary>
    public bool HasFired => _timeout.IsCancellationRequested;

    /// <summary>Stops the time-out for good: an event has arrived.</summary>
    public void Stop() => _timeout.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _either.Dispose();
        _timeout.Dispose();
    }
}
