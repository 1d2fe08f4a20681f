using System.Threading.Channels;

namespace Copilot.Web.Sessions;

/// <summary>
/// Draws a component again after changes that come from any thread. Changes that come during a drawing make one more, never a
/// row of them; disposing waits for the one under way.
/// </summary>
internal sealed class RenderCoalescer : IAsyncDisposable
{
    private readonly Channel<bool> _wishes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly Task _loop;

    /// <summary>Begins to wait for wishes.</summary>
    /// <param name="draw">Takes over the state and draws; called once at a time.</param>
    public RenderCoalescer(Func<Task> draw) => _loop = DrawAsync(draw);

    /// <summary>Asks for a drawing. After disposal it does nothing.</summary>
    public void Request() => _wishes.Writer.TryWrite(true);

    /// <summary>Ends the waiting; throws what a drawing threw.</summary>
    public async ValueTask DisposeAsync()
    {
        _wishes.Writer.TryComplete();
        await _loop;
    }

    private async Task DrawAsync(Func<Task> draw)
    {
        await foreach (var _ in _wishes.Reader.ReadAllAsync())
        {
            await draw();
        }
    }
}
