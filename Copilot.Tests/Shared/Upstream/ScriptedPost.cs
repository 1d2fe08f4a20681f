using Copilot.Tests.Shared.Clock;
using Microsoft.AspNetCore.Http;

namespace Copilot.Tests.Shared.Upstream;

/// <summary>One POST that the test answers.</summary>
internal sealed class ScriptedPost(HttpContext context, string body)
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The request.</summary>
    public RequestHead Request { get; } = RequestHead.Of(context.Request);

    /// <summary>Its body.</summary>
    public string Body => body;

    /// <summary>Completes when the client gave the request up.</summary>
    public Task AbandonedAsync()
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        context.RequestAborted.Register(() => gone.TrySetResult());
        return gone.Task.Soon("the client gives the request up");
    }

    internal Task Over => _over.Task;

    /// <summary>Answers whole.</summary>
    public async Task RespondAsync(int status, string contentType, string content, params (string Name, string Value)[] headers)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.WriteAsync(content);
        End();
    }

    /// <summary>Sends events as a stream, which stays open.</summary>
    public async Task SendAsync(params string[] events)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "text/event-stream";
        }

        foreach (var json in events)
        {
            await context.Response.WriteAsync($"data: {json}\n\n");
        }

        await context.Response.Body.FlushAsync();
    }

    /// <summary>Sends a comment, which is a sign of life and no event.</summary>
    public async Task SendCommentAsync()
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "text/event-stream";
        }

        await context.Response.WriteAsync(": working\n\n");
        await context.Response.Body.FlushAsync();
    }

    /// <summary>Sends one record whose bytes may be anything.</summary>
    public async Task SendBytesAsync(ReadOnlyMemory<byte> bytes)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "text/event-stream";
        }

        await context.Response.Body.WriteAsync("data: "u8.ToArray());
        await context.Response.Body.WriteAsync(bytes);
        await context.Response.Body.WriteAsync("\n\n"u8.ToArray());
        await context.Response.Body.FlushAsync();
    }

    /// <summary>Ends the answer.</summary>
    public void End() => _over.TrySetResult();

    /// <summary>Cuts the TCP connection.</summary>
    public void Cut()
    {
        context.Abort();
        _over.TrySetResult();
    }
}
