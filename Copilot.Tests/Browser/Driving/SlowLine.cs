using System.Text;
using Microsoft.Playwright;

namespace Copilot.Tests.Browser.Driving;

/// <summary>Holds back what the product says to a page, while what the page says still gets through.</summary>
internal sealed class SlowLine
{
    private readonly Lock _lock = new();
    private readonly List<Action> _held = [];
    private string[]? _awaited;
    private TaskCompletionSource? _seen;

    /// <summary>Before the page is opened.</summary>
    public static async Task<SlowLine> RouteAsync(IPage page)
    {
        var line = new SlowLine();
        await page.RouteWebSocketAsync("**/_blazor**", socket =>
        {
            var server = socket.ConnectToServer();
            server.OnMessage(frame => line.Take(frame, socket));
        });
        return line;
    }

    /// <summary>From now on nothing reaches the page. Completes when a message with all these words is held.</summary>
    public Task HoldUntil(params string[] words)
    {
        lock (_lock)
        {
            (_awaited, _seen) = (words, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            return _seen.Task;
        }
    }

    /// <summary>What was held goes on, in order, and so does what comes after it.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _awaited = null;
            _held.ForEach(send => send());
            _held.Clear();
        }
    }

    private void Take(IWebSocketFrame frame, IWebSocketRoute page)
    {
        lock (_lock)
        {
            if (_awaited is null)
            {
                Send(frame, page);
                return;
            }

            _held.Add(() => Send(frame, page));
            var text = frame.Binary is { } bytes ? Encoding.UTF8.GetString(bytes) : frame.Text!;
            if (_awaited.All(word => text.Contains(word, StringComparison.Ordinal)))
            {
                _seen!.TrySetResult();
            }
        }
    }

    private static void Send(IWebSocketFrame frame, IWebSocketRoute page)
    {
        if (frame.Binary is { } bytes)
        {
            page.Send(bytes);
        }
        else
        {
            page.Send(frame.Text!);
        }
    }
}
