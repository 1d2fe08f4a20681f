namespace Copilot.Domain.Responses.Transports;

/// <summary>The time-out of a body's next byte: it runs while one is awaited, and no longer.</summary>
internal sealed class StallTimeout : IDisposable
{
    private readonly CancellationTokenSource _timeout;
    private readonly CancellationTokenSource _either;

    /// <param name="limit">How long a body may be silent.</param>
    /// <param name="time">Measures it.</param>
    /// <param name="cancellationToken">Cancels the reading, too.</param>
    public StallTimeout(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        Limit = limit;
        _timeout = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timeout.Token, cancellationToken);
    }

    /// <summary>The time limit.</summary>
    public TimeSpan Limit { get; }

    /// <summary>True when the time-out has fired.</summary>
    public bool HasFired => _timeout.IsCancellationRequested;

    /// <summary>Reads, and measures the silence meanwhile.</summary>
    public async ValueTask<int> ReadAsync(Stream stream, Memory<byte> buffer)
    {
        _timeout.CancelAfter(Limit);
        try
        {
            return await stream.ReadAsync(buffer, _either.Token).ConfigureAwait(false);
        }
        finally
        {
            _timeout.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        _either.Dispose();
        _timeout.Dispose();
    }
}
