using System.Threading.Channels;
using Copilot.Tests.Shared.Clock;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Copilot.Tests.Shared.Upstream;

/// <summary>
/// A real server on a real socket that says what the test tells it to say. Sockets and posts wait in line until the test takes them
/// with <see cref="NextSocketAsync"/> and <see cref="NextPostAsync"/>.
/// </summary>
internal sealed class ScriptedUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<ScriptedSocket> _sockets = Channel.CreateUnbounded<ScriptedSocket>();
    private readonly Channel<ScriptedPost> _posts = Channel.CreateUnbounded<ScriptedPost>();
    private int _upgrades;
    private int _requests;

    private ScriptedUpstream(WebApplication app) => _app = app;

    /// <summary>Base address, to which the client adds <c>/responses</c>.</summary>
    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>Answers upgrades instead of accepting them, when it is set: a refusal, a redirect, a cut or a hang.</summary>
    public Func<HttpContext, Task>? OnUpgrade { get; set; }

    /// <summary>False: sockets are accepted and then never read, so that no ping and no close is answered.</summary>
    public bool Reads { get; set; } = true;

    /// <summary>False: a client's close is noted and not answered.</summary>
    public bool AnswersClose { get; set; } = true;

    /// <summary>How many upgrades were asked for.</summary>
    public int Upgrades => Volatile.Read(ref _upgrades);

    /// <summary>How many requests came at all.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Starts one on a free port.</summary>
    public static async Task<ScriptedUpstream> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var upstream = new ScriptedUpstream(builder.Build());
        upstream._app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });
        upstream._app.Run(upstream.AnswerAsync);
        await upstream._app.StartAsync();
        var address = upstream._app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        upstream.BaseUrl = new Uri(address + "/v1");
        return upstream;
    }

    /// <summary>The next socket that a client opened.</summary>
    public Task<ScriptedSocket> NextSocketAsync() => _sockets.Reader.ReadAsync().AsTask().Soon("a client opens a socket");

    /// <summary>The next POST.</summary>
    public Task<ScriptedPost> NextPostAsync() => _posts.Reader.ReadAsync().AsTask().Soon("a client posts");

    /// <summary>Makes an answer for <see cref="OnUpgrade"/>.</summary>
    public static Func<HttpContext, Task> Refuse(int status, string body, params (string Name, string Value)[] headers) => async context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.WriteAsync(body);
    };

    /// <summary>Never answers, until the client gives up.</summary>
    public static async Task Hang(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    /// <summary>Cuts the connection without an answer.</summary>
    public static Task Cut(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        try
        {
            // What a test left open is cut, not waited for.
            await _app.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopped the hard way, as asked.
        }

        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        if (!context.WebSockets.IsWebSocketRequest)
        {
            using var reader = new StreamReader(context.Request.Body);
            var post = new ScriptedPost(context, await reader.ReadToEndAsync(context.RequestAborted));
            _posts.Writer.TryWrite(post);
            await post.Over;
            return;
        }

        Interlocked.Increment(ref _upgrades);
        if (OnUpgrade is { } answer)
        {
            await answer(context);
            return;
        }

        await AcceptAsync(context);
    }

    /// <summary>Accepts an upgrade and serves its socket; for an <see cref="OnUpgrade"/> that only takes its time.</summary>
    public async Task AcceptAsync(HttpContext context)
    {
        using var accepted = await context.WebSockets.AcceptWebSocketAsync();
        var socket = new ScriptedSocket(context, accepted, AnswersClose);
        _sockets.Writer.TryWrite(socket);
        await socket.RunAsync(Reads);
    }
}
