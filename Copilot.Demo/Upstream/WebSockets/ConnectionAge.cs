namespace Copilot.Demo.Upstream.WebSockets;

/// <summary>How long a connection may be used (protocol §1): past its age it answers every request with the limit.</summary>
internal sealed class ConnectionAge : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _over;

    public bool IsOver => _over;

    /// <summary>Cancelled when running responses have to stop.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>From here on requests are refused.</summary>
    public void Expire() => _over = true;

    /// <summary>Requests are refused, and running responses stop.</summary>
    public Task StopAsync()
    {
        Expire();
        return _stop.CancelAsync();
    }

    public void Dispose() => _stop.Dispose();
}
