namespace Copilot.Domain.Responses.Transports;

/// <summary>The clock of the first event: it runs from the request until the first event breaks it.</summary>
internal sealed class FirstEventTimeout : IDisposable
{
    private readonly CancellationTokenSource _timeout;
    private readonly CancellationTokenSource _either;

    /// <summary>Begins.</summary>
    public FirstEventTimeout(TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        Limit = limit;
        _timeout = new CancellationTokenSource(limit, clock);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timeout.Token, cancellationToken);
    }

    /// <summary>How long it may last.</summary>
    public TimeSpan Limit { get; }

    /// <summary>Cancelled when it has lasted too long, and when the caller leaves.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>True when the clock fired.</summary>
    public bool IsOver => _timeout.IsCancellationRequested;

    /// <summary>Something came: the clock never fires any more.</summary>
    public void Break() => _timeout.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _either.Dispose();
        _timeout.Dispose();
    }
}
