using System.IO.Compression;
using System.Text;
using Copilot.Domain.Responses;
using Copilot.Domain.Tools;
using Copilot.Tests.Shared.Hosts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Copilot.Tests.Runs.Recordings;

/// <summary>One recorded answer.</summary>
/// <param name="Status">Its HTTP status.</param>
/// <param name="ContentType">Its label, or null for none.</param>
/// <param name="Body">Its bytes as text.</param>
public sealed record RecordedAnswer(int Status, string? ContentType, string Body)
{
    /// <summary>The <c>Content-Encoding</c> that its body is packed with; null for none.</summary>
    public string? Packing { get; init; }

    /// <summary>Bytes in the place of this mark in the body, which may be no UTF-8; null where there is none.</summary>
    public byte[]? Broken { get; init; }

    internal byte[] Bytes()
    {
        var parts = Body.Split(Mark).Select(Encoding.UTF8.GetBytes);
        byte[] plain = Broken is null ? Encoding.UTF8.GetBytes(Body) : [.. parts.SelectMany((part, index) => index == 0 ? part : [.. Broken, .. part])];
        using var packed = new MemoryStream();
        using (Stream pack = Packing switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Fastest),
            "deflate" => new ZLibStream(packed, CompressionLevel.Fastest),
            "br" => new BrotliStream(packed, CompressionLevel.Fastest),
            _ => new BufferedStream(packed),
        })
        {
            pack.Write(plain);
        }

        return packed.ToArray();
    }

    /// <summary>Stands for <see cref="Broken"/>.</summary>
    public const string Mark = "{BROKEN}";

    /// <summary>A stream of these events.</summary>
    public static RecordedAnswer Stream(params string[] events) => new(200, "text/event-stream", string.Concat(events.Select(json => $"data: {json}\n\n")));

    /// <summary>A refusal.</summary>
    public static RecordedAnswer Refusal(int status, string error) => new(status, "application/json", $$"""{"error":{{error}}}""");
}

/// <summary>A real HTTP server that answers with recordings: one after the other, the last one again, unless a rule refuses the request.</summary>
internal sealed class RecordedUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<(Func<string, bool> Fits, RecordedAnswer Answer)> _rules = [];
    private readonly Lock _lock = new();
    private readonly List<string> _requests = [];
    private readonly RecordedAnswer[] _answers;
    private int _answered;

    private RecordedUpstream(WebApplication app, RecordedAnswer[] answers) => (_app, _answers) = (app, answers);

    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>The bodies of all requests so far.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    public static async Task<RecordedUpstream> StartAsync(params RecordedAnswer[] answers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var upstream = new RecordedUpstream(builder.Build(), answers);
        upstream._app.Run(upstream.AnswerAsync);
        await upstream._app.StartAsync();
        upstream.BaseUrl = new Uri(upstream._app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/v1");
        return upstream;
    }

    /// <summary>Answers requests that hold this otherwise. The first rule that fits wins.</summary>
    public RecordedUpstream Refuse(string held, RecordedAnswer answer)
    {
        _rules.Add((body => body.Contains(held, StringComparison.Ordinal), answer));
        return this;
    }

    /// <summary>The product's runs before this upstream, over HTTP.</summary>
    public Task<RunHost> HostAsync(params ITool[] tools) => RunHost.StartAsync(BaseUrl, TransportChoice.Http, tools);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        RecordedAnswer answer;
        lock (_lock)
        {
            _requests.Add(body);
            answer = _rules.Find(rule => rule.Fits(body)).Answer ?? _answers[Math.Min(_answered++, _answers.Length - 1)];
        }

        context.Response.StatusCode = answer.Status;
        if (answer.ContentType is { } label)
        {
            context.Response.ContentType = label;
        }

        if (answer.Packing is { } packing)
        {
            context.Response.Headers.ContentEncoding = packing;
        }

        await context.Response.Body.WriteAsync(answer.Bytes());
    }
}
