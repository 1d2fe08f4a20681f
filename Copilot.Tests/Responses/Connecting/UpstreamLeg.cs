using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Transports;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Responses.Connecting;

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
