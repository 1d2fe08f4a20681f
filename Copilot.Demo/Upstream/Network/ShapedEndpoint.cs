using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Copilot.Demo.Upstream.Network;

/// <summary>
/// Applies the network to the plain requests of a route: the request arrives late, and so does its answer. What streams, or
/// becomes a WebSocket, is delayed message by message by its own wire.
/// </summary>
internal sealed class ShapedEndpoint(DemoNetwork network, TimeProvider time) : IEndpointFilter
{
    private static readonly object s_link = new();

    /// <summary>The link of this request, or null for the bare loopback.</summary>
    public static NetworkLink? LinkOf(HttpContext context) => (NetworkLink?)context.Items[s_link];

    /// <summary>Switches to another link, selected by metadata.</summary>
    public static void Use(HttpContext context, NetworkLink? link) => context.Items[s_link] = link;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var receivedAt = time.GetTimestamp();
        if (network.LinkOf(http) is { } link)
        {
            Use(http, link);
            var bytes = RequestSize.OfHead(http.Request) + (int)(http.Request.ContentLength ?? 0);
            await link.UntilAsync(link.RequestArrival(receivedAt, bytes, upgraded: false), http.RequestAborted);
        }

        var result = await next(context);
        if (LinkOf(http) is { } answering && !http.Response.HasStarted && result is not EmptyHttpResult)
        {
            var bytes = NetworkLink.ResponseHeaderBytes
                + (result is ContentHttpResult { ResponseContent: { } content } ? Encoding.UTF8.GetByteCount(content) : 0);
            await answering.UntilAsync(answering.ResponseArrival(bytes), http.RequestAborted);
        }

        return result;
    }
}
