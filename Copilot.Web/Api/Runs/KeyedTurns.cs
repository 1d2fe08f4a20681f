namespace Copilot.Web.Api.Runs;

/// <summary>Lets one caller at a time through per name; names that nobody uses cost nothing.</summary>
internal sealed class KeyedTurns
{
    private readonly Dictionary<string, Turn> _turns = new(StringComparer.Ordinal);

    /// <summary>Waits for the turn; dispose it to let the next one through.</summary>
    /// <exception cref="OperationCanceledException">The token fired first.</exception>
    public async Task<IDisposable> TakeAsync(string name, CancellationToken cancellationToken)
    {
        Turn? turn;
        lock (_turns)
        {
            if (!_turns.TryGetValue(name, out turn))
            {
                _turns.Add(name, turn = new Turn(this, name));
            }

            turn.Users++;
        }

        try
        {
            await turn.Gate.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Leave(turn);
            throw;
        }

        return turn;
    }

    private void Leave(Turn turn)
    {
        lock (_turns)
        {
            if (--turn.Users == 0)
            {
                _turns.Remove(turn.Name);
                turn.Gate.Dispose();
            }
        }
    }

    private sealed class Turn(KeyedTurns owner, string name) : IDisposable
    {
        public string Name => name;

        public SemaphoreSlim Gate { get; } = new(1, 1);

        public int Users { get; set; }

        public void Dispose()
        {
            Gate.Release();
            owner.Leave(this);
        }
    }
}
