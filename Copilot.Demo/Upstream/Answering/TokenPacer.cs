namespace Copilot.Demo.Upstream.Answering;

/// <summary>
/// Holds the model to its pace. Tokens are due on a schedule that starts with the first one, so a late timer is
/// caught up and the rate holds on average.
/// </summary>
internal sealed class TokenPacer(TimeProvider time, double tokensPerSecond)
{
    // Waits shorter than a timer's resolution would only slow the model down.
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(2);

    private long _start;
    private double _due;
    private bool _started;

    /// <summary>Waits until the next token may be shown.</summary>
    public async ValueTask NextTokenAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (tokensPerSecond <= 0)
        {
            return;
        }

        if (!_started)
        {
            _started = true;
            _start = time.GetTimestamp();
        }

        _due += 1 / tokensPerSecond;
        var wait = TimeSpan.FromSeconds(_due) - time.GetElapsedTime(_start);
        if (wait >= s_shortest)
        {
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    /// <summary>Thinks for as long as that many tokens would take.</summary>
    public Task ThinkAsync(int tokens, CancellationToken cancellationToken) =>
        tokensPerSecond <= 0 ? Task.CompletedTask : PauseAsync(TimeSpan.FromSeconds(tokens / tokensPerSecond), cancellationToken);

    /// <summary>Pauses for exactly that long, at any pace.</summary>
    public async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, time, cancellationToken);
        }

        // The pause is not time the tokens have to catch up.
        _started = false;
        _due = 0;
    }
}
