namespace Copilot.Domain.Concurrency;

/// <summary>
/// Stops what a page or a part of one has begun, when it is left. Other than a <see cref="CancellationTokenSource"/> it still gives its
/// token after that: work that comes to its next step only then finds itself cancelled, and no exception that ends the circuit.
/// </summary>
public sealed class StopSource : IDisposable
{
    private readonly CancellationTokenSource _source = new();

    /// <summary>Nothing is stopped yet.</summary>
    public StopSource() => Token = _source.Token;

    /// <summary>Cancelled when it is left, and for ever.</summary>
    public CancellationToken Token { get; }

    /// <summary>True once it is left.</summary>
    public bool IsCancellationRequested => Token.IsCancellationRequested;

    /// <summary>Stops everything.</summary>
    public void Cancel()
    {
        if (!IsCancellationRequested)
        {
            _source.Cancel();
        }
    }

    /// <summary>Stops everything, without waiting here for what that sets off.</summary>
    public Task CancelAsync() => IsCancellationRequested ? Task.CompletedTask : _source.CancelAsync();

    /// <summary>Stops everything that was not stopped yet.</summary>
    public void Dispose()
    {
        Cancel();
        _source.Dispose();
    }
}
