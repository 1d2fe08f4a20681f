namespace Copilot.Domain.Runs.Registry;

/// <summary>One turn at a time per session, so that what a start decides from the session's runs still holds when it commits.</summary>
internal sealed class SessionGates
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Gate> _gates = [];

    public async Task<IDisposable> EnterAsync(string sessionId, CancellationToken cancellationToken)
    {
        Gate gate;
        lock (_lock)
        {
            if (!_gates.TryGetValue(sessionId, out gate!))
            {
                _gates[sessionId] = gate = new Gate();
            }

            gate.Users++;
        }

        try
        {
            await gate.Semaphore.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Leave(sessionId, gate);
            throw;
        }

        return new Turn(this, sessionId, gate);
    }

    private void Leave(string sessionId, Gate gate)
    {
        lock (_lock)
        {
            if (--gate.Users == 0)
            {
                _gates.Remove(sessionId);
                gate.Semaphore.Dispose();
            }
        }
    }

    private sealed class Gate
    {
        public SemaphoreSlim Semaphore { get; } = new(1, 1);

        public int Users { get; set; }
    }

    private sealed class Turn(SessionGates owner, string sessionId, Gate gate) : IDisposable
    {
        public void Dispose()
        {
            gate.Semaphore.Release();
            owner.Leave(sessionId, gate);
        }
    }
}
