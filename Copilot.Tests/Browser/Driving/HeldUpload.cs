using System.Text;
using Microsoft.Playwright;

namespace Copilot.Tests.Browser.Driving;

/// <summary>Holds back the pieces of a file that a page sends, while all else that it says gets through.</summary>
internal sealed class HeldUpload
{
    private const string Piece = "ReceiveJSDataChunk";

    private readonly Lock _lock = new();
    private readonly List<Action> _held = [];
    private int _left = int.MaxValue;

    /// <summary>Before the page is opened.</summary>
    public static async Task<HeldUpload> RouteAsync(IPage page)
    {
        var upload = new HeldUpload();
        await page.RouteWebSocketAsync("**/_blazor**", socket =>
        {
            var server = socket.ConnectToServer();
            socket.OnMessage(frame => upload.Take(frame, server));
        });
        return upload;
    }

    /// <summary>So many pieces more get through.</summary>
    public void HoldAfter(int pieces)
    {
        lock (_lock)
        {
            _left = pieces;
        }
    }

    /// <summary>What was held goes on, in order, and so does what comes after it.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _left = int.MaxValue;
            _held.ForEach(send => send());
            _held.Clear();
        }
    }

    private void Take(IWebSocketFrame frame, IWebSocketRoute server)
    {
        lock (_lock)
        {
            var text = frame.Binary is { } bytes ? Encoding.UTF8.GetString(bytes) : frame.Text!;
            if (!text.Contains(Piece, StringComparison.Ordinal))
            {
                Send(frame, server);
            }
            else if (_left > 0)
            {
                _left--;
                Send(frame, server);
            }
            else
            {
                _held.Add(() => Send(frame, server));
            }
        }
    }

    private static void Send(IWebSocketFrame frame, IWebSocketRoute server)
    {
        if (frame.Binary is { } bytes)
        {
            server.Send(bytes);
        }
        else
        {
            server.Send(frame.Text!);
        }
    }
}
