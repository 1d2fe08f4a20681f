using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Copilot.Web.Api.Streaming;

/// <summary>What every stream of server-sent events of ours does alike.</summary>
internal static class ServerSentEvents
{
    /// <summary>A comment this often keeps proxies from closing a quiet stream.</summary>
    public static readonly TimeSpan CommentInterval = TimeSpan.FromSeconds(15);

    /// <summary>What a stream begins with: how long a reader waits until it comes back.</summary>
    public static ReadOnlySpan<byte> Retry => "retry: 3000\n\n"u8;

    /// <summary>A comment, which readers ignore.</summary>
    public static ReadOnlySpan<byte> Comment => ":\n\n"u8;

    /// <summary>Makes a response a stream that no proxy holds back.</summary>
    public static void Prepare(HttpContext context)
    {
        var response = context.Response;
        response.ContentType = "text/event-stream";
        // A proxy that compressed it would hold it back until it is large.
        response.Headers.CacheControl = "no-cache, no-store, no-transform";
        // Not every proxy heeds that, and none compresses what says that it is encoded.
        response.Headers.ContentEncoding = "identity";
        // Some proxies hold a response back until it is large, unless a header forbids it.
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    /// <summary>
    /// Sends what was written. A flush that is cancelled itself resets the connection, and the reader loses what was sent. One that is
    /// left alone ends with the response; the server cuts off who does not read.
    /// </summary>
    public static async Task FlushAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await output.FlushAsync(CancellationToken.None).AsTask().WaitAsync(cancellationToken);
    }
}
