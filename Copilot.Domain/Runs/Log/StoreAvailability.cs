using Copilot.Domain.Concurrency;

namespace Copilot.Domain.Runs.Log;

/// <summary>
/// Whether the store takes writes, as the last try found. One writes to it, <see cref="RunEventWriter"/>; anybody may look and wait.
/// </summary>
internal sealed class StoreAvailability : IStorageHealth
{
    private readonly AsyncSignal _changed = new();
    private volatile string? _problem;

    /// <inheritdoc/>
    public string? Problem => _problem;

    /// <inheritdoc/>
    public Task Changed => _changed.Next;

    /// <summary>Remembers what a try has found: one sentence that says what is wrong, or null when the store took the write.</summary>
    /// <returns>True when this is news, which those who wait hear of.</returns>
    public bool Set(string? problem)
    {
        if (_problem == problem)
        {
            return false;
        }

        _problem = problem;
        _changed.Set();
        return true;
    }

    /// <summary>Completes when the store takes writes.</summary>
    public Task WaitUntilAvailableAsync(CancellationToken cancellationToken) => WaitAsync(available: true, cancellationToken);

    /// <summary>Completes when the store takes no writes.</summary>
    public Task WaitUntilUnavailableAsync(CancellationToken cancellationToken) => WaitAsync(available: false, cancellationToken);

    private async Task WaitAsync(bool available, CancellationToken cancellationToken)
    {
        while (true)
        {
            // The signal first, then the state: a change in between completes the signal.
            var changed = Changed;
            if (_problem is null == available)
            {
                return;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
