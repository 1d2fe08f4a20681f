using System.Net.WebSockets;

// Breaks a rule in every place where a type can be used, so that the checker itself can be checked. Never run.
namespace Copilot.Tests.Architecture.BadRoom;

internal sealed class InAField
{
    public ClientWebSocket? Socket { get; set; }
}

internal sealed class InABase : List<WebSocket>;

internal interface IInAConstraint<T>
    where T : WebSocket;

internal sealed class AsAnArgumentOfATypeOfATypeArgument
{
    public IReadOnlyDictionary<string, List<WebSocketState[]>>? States { get; set; }
}

internal static class InTheMiddleOfAMethod
{
    public static int Buffer() => WebSocket.CreateClientBuffer(1024, 1024).Count;
}

internal static class InAnAsyncLambda
{
    public static Func<Task> Close(object something) => async () =>
    {
        await Task.Yield();
        if (something is WebSocket socket)
        {
            socket.Abort();
        }
    };
}

internal static class InACatch
{
    public static bool Works(Action act)
    {
        try
        {
            act();
            return true;
        }
        catch (WebSocketException)
        {
            return false;
        }
    }
}

internal static class AsATypeArgumentOfACall
{
    public static object? First(IEnumerable<object> some) => some.OfType<WebSocket>().FirstOrDefault();
}

internal static class Innocent
{
    public static string Say(int count) => string.Join(' ', Enumerable.Repeat("fine", count));
}
