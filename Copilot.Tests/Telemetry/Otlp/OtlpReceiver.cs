using System.Buffers.Binary;
using System.Net;
using System.Text;
using Copilot.Domain.Concurrency;
using Copilot.Tests.Shared.Clock;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Telemetry.Otlp;

/// <summary>A collector on loopback: takes OTLP over HTTP (protobuf) and gRPC, and reads what came from its bytes.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private const int GrpcHead = 5;

    private readonly WebApplication _app;
    private readonly Lock _lock = new();
    private readonly AsyncSignal _came = new();
    private readonly List<byte[]> _bodies = [];
    private readonly List<OtlpSpan> _spans = [];
    private readonly Dictionary<(string, string), OtlpPoint> _points = [];

    private OtlpReceiver(WebApplication app) => _app = app;

    /// <summary>Where exporters of <c>http/protobuf</c> send to.</summary>
    public string HttpAddress => Addresses.First();

    /// <summary>Where exporters of <c>grpc</c> send to.</summary>
    public string GrpcAddress => Addresses.Last();

    /// <summary>What a service said of itself.</summary>
    public IReadOnlyDictionary<string, string>? Resource { get; private set; }

    private ICollection<string> Addresses => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.MapPost("/v1/traces", (HttpContext context) => receiver.TakeAsync(context, receiver.TakeSpans));
        app.MapPost("/v1/metrics", (HttpContext context) => receiver.TakeAsync(context, receiver.TakePoints));
        app.MapPost("/opentelemetry.proto.collector.trace.v1.TraceService/Export", (HttpContext context) => receiver.TakeAsync(context, receiver.TakeSpans));
        app.MapPost("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", (HttpContext context) => receiver.TakeAsync(context, receiver.TakePoints));
        await app.StartAsync();
        return receiver;
    }

    /// <summary>The spans of a run once its own has come, which ends last, and as many as are asked for.</summary>
    public Task<IReadOnlyList<OtlpSpan>> RunAsync(string runId, int invocations = 1) => WhenAsync<OtlpSpan>(
        () => [.. _spans.Where(span => span["copilot.run.id"] == runId)],
        spans => spans.Count(span => span.Name.StartsWith("invoke_agent", StringComparison.Ordinal)) >= invocations,
        $"the spans of {runId} come");

    /// <summary>The newest points of all metrics once they are as asked for.</summary>
    public Task<IReadOnlyList<OtlpPoint>> PointsAsync(Func<IReadOnlyList<OtlpPoint>, bool> complete) =>
        WhenAsync<OtlpPoint>(() => [.. _points.Values], complete, "the metrics come");

    /// <summary>True when a text is anywhere in what came.</summary>
    public bool HasAnywhere(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        lock (_lock)
        {
            return _bodies.Exists(body => body.AsSpan().IndexOf(bytes) >= 0);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IReadOnlyList<T>> WhenAsync<T>(Func<List<T>> read, Func<IReadOnlyList<T>, bool> complete, string phase)
    {
        while (true)
        {
            Task came;
            lock (_lock)
            {
                came = _came.Next;
                if (read() is var now && complete(now))
                {
                    return now;
                }
            }

            await came.Soon(phase);
        }
    }

    private void TakeSpans(byte[] body)
    {
        _spans.AddRange(OtlpSpan.Read(body));
        Resource = OtlpSpan.Resource(body);
    }

    private void TakePoints(byte[] body)
    {
        foreach (var point in OtlpPoint.Read(body))
        {
            _points[(point.Metric, string.Join(';', point.Attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal)))] = point;
        }
    }

    private async Task TakeAsync(HttpContext context, Action<byte[]> take)
    {
        using var memory = new MemoryStream();
        await context.Request.Body.CopyToAsync(memory, context.RequestAborted);
        var isGrpc = context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) is true;
        var body = isGrpc ? Message(memory.ToArray()) : memory.ToArray();
        lock (_lock)
        {
            _bodies.Add(body);
            take(body);
        }

        _came.Set();
        if (isGrpc)
        {
            context.Response.ContentType = "application/grpc";
            context.Response.DeclareTrailer("grpc-status");
            await context.Response.Body.WriteAsync(new byte[GrpcHead], context.RequestAborted);
            context.Response.AppendTrailer("grpc-status", "0");
        }
        else
        {
            context.Response.ContentType = "application/x-protobuf";
        }
    }

    private static byte[] Message(byte[] framed) => framed.AsSpan(GrpcHead, BinaryPrimitives.ReadInt32BigEndian(framed.AsSpan(1))).ToArray();
}
