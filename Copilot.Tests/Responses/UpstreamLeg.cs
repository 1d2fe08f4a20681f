using Copilot.Domain.Responses;
using Copilot.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Responses;

/// <summary>The upstream leg as it is registered, pointed at a scripted upstream.</summary>
internal sealed class UpstreamLeg : IAsyncDisposable
{
    public const string Key = "sk-test-0123456789";

    private readonly ServiceProvider _services;

    private UpstreamLeg(Uri baseUrl, Action<UpstreamOptions> configure, TimeProvider clock)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(clock);
        services.Configure<UpstreamOptions>(options =>
        {
            options.BaseUrl = baseUrl;
            options.ApiKey = Key;
            options.ConnectTimeout = TimeSpan.FromSeconds(20);
            options.FirstEventTimeout = TimeSpan.FromSeconds(20);
            configure(options);
        });
        services.AddResponses();
        _services = services.BuildServiceProvider(validateScopes: true);
    }

    public List<ConnectNotice> Notices { get; } = [];

    public SocketBreaker Breaker => _services.GetRequiredService<SocketBreaker>();

    public ConnectRateLimiter Gate => _services.GetRequiredService<ConnectRateLimiter>();

    public int Sockets => _services.GetRequiredService<UpstreamHttp>().Sockets;

    public IUpstreamConnector Connector => _services.GetRequiredService<IUpstreamConnector>();

    public static UpstreamLeg To(Uri baseUrl, Action<UpstreamOptions> configure) => new(baseUrl, configure, TimeProvider.System);

    public static UpstreamLeg To(Uri baseUrl, Action<UpstreamOptions> configure, TimeProvider clock) => new(baseUrl, configure, clock);

    public static ResponseRequest Request(string text) => new()
    {
        Settings = new ResponseSettings { Model = "gpt-5.6" },
        Input = [InputItem.UserMessage(text)],
    };

    public Task<IResponsesTransport> ConnectAsync(CancellationToken cancellationToken) => ConnectAsync(ConnectPurpose.Run, cancellationToken);

    public Task<IResponsesTransport> ConnectAsync(ConnectPurpose purpose, CancellationToken cancellationToken) =>
        Connector.ConnectAsync(purpose, Notices.Add, cancellationToken);

    /// <summary>All events of one response.</summary>
    public static async Task<List<ResponseEvent>> CollectAsync(IResponsesTransport transport, string text)
    {
        var events = new List<ResponseEvent>();
        await ReadAsync().Soon("the response ends");
        return events;

        async Task ReadAsync()
        {
            await foreach (var received in transport.CreateResponseAsync(Request(text), CancellationToken.None))
            {
                events.Add(received);
            }
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

/// <summary>The shortest events that make a response.</summary>
internal static class Frames
{
    public const string NotFound =
        """{"type":"error","status":400,"error":{"type":"invalid_request_error","code":"previous_response_not_found","message":"Previous response with id 'resp_0' not found.","param":"previous_response_id"}}""";

    public const string TooOld =
        """{"type":"error","status":400,"error":{"type":"invalid_request_error","code":"websocket_connection_limit_reached","message":"Responses websocket connection limit reached (60 minutes)."}}""";

    public static string Created(string id) => $$$"""{"type":"response.created","sequence_number":0,"response":{"id":"{{{id}}}","status":"in_progress"}}""";

    public static string Delta(string text) =>
        $$"""{"type":"response.output_text.delta","sequence_number":1,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"{{text}}"}""";

    public static string Completed(string id) => $$$"""{"type":"response.completed","sequence_number":2,"response":{"id":"{{{id}}}","status":"completed"}}""";

    public static string Failed(string id) =>
        $$$$"""{"type":"response.failed","sequence_number":3,"response":{"id":"{{{{id}}}}","status":"failed","error":{"code":"server_error","message":"It broke."}}}""";
}
