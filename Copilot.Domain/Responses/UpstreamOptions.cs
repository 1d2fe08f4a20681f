namespace Copilot.Domain.Responses;

/// <summary>The upstream: any server of the Responses API. Bound from <c>Upstream</c>.</summary>
public sealed class UpstreamOptions
{
    /// <summary>Bytes a second that any uplink is trusted to have.</summary>
    private const int SlowestUplink = 128 * 1024;

    /// <summary>Base address, to which <c>/responses</c> is added; query parameters are preserved. Default: the demo upstream in demo mode, else none.</summary>
    public Uri? BaseUrl { get; set; }

    /// <summary>Bearer key. Default: <c>OPENAI_API_KEY</c>.</summary>
    public string? ApiKey { get; set; }

    /// <summary>
    /// The header that carries <see cref="ApiKey"/>: <c>Authorization</c> sends it as a bearer token, any other as it is. Azure takes
    /// either a bearer token or <c>api-key</c>.
    /// </summary>
    public string ApiKeyHeader { get; set; } = "Authorization";

    /// <summary>More headers of every request and upgrade, for example <c>OpenAI-Organization</c> and <c>OpenAI-Project</c>.</summary>
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Model of an agent that names none.</summary>
    public string Model { get; set; } = "gpt-5.6";

    /// <summary>Which transport to use. <c>Auto</c> trades a first refused upgrade for the faster socket.</summary>
    public TransportChoice Transport { get; set; } = TransportChoice.Auto;

    /// <summary>Whether the upstream may store responses. Off: nothing to delete there, and reasoning travels encrypted.</summary>
    public bool Store { get; set; }

    /// <summary>How long a connect may take before it counts as failed. Shorter falls back to HTTP sooner.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// <c>Auto</c> only: how long a socket may take to open before HTTP takes the request. Shorter answers sooner behind a proxy
    /// that swallows upgrades; longer keeps a slow network on the socket. The attempt itself continues until <see cref="ConnectTimeout"/>.
    /// </summary>
    public TimeSpan SocketHeadStart { get; set; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How long all runs use HTTP after a socket failed, before one of them tries a socket again. Doubles at each failure.</summary>
    public TimeSpan SocketCooldown { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Upper limit of <see cref="SocketCooldown"/>.</summary>
    public TimeSpan MaxSocketCooldown { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long the first event of a response may take. Any event stops this time-out; later pauses are legitimate. Too short sends a
    /// request twice to an upstream that queues; too long waits for a dead one. A request of more than 128 KiB gets a second more for
    /// each of them, so that a slow uplink is not mistaken for a dead upstream.
    /// </summary>
    public TimeSpan FirstEventTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Idle time on a socket before a ping is sent. Shorter survives stricter proxies and costs traffic. With the default
    /// <see cref="KeepAliveTimeout"/> a dead connection is noticed within 25 s (the watchdog checks four times per time-out).
    /// </summary>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(12);

    /// <summary>How long a pong may take before the socket counts as dead.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>
    /// Age at which a socket is replaced between two responses, give or take 4 % so that sockets opened together do not all expire
    /// together. The API ends sockets at 60 minutes.
    /// </summary>
    public TimeSpan MaxConnectionAge { get; set; } = TimeSpan.FromMinutes(55);

    /// <summary>
    /// What is prepared while a person types. <c>Request</c> has the first word sooner and pays for reading the conversation when
    /// the message is then not sent. With <see cref="Store"/> it acts like <c>Socket</c>, so that nothing is stored upstream that no run knows of.
    /// </summary>
    public WarmUpMode WarmUp { get; set; } = WarmUpMode.Request;

    /// <summary>How long a socket opened for a message stays open after typing stops.</summary>
    public TimeSpan WarmSocketLifetime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Sockets opened per second by the whole process, in any one-second window; evenly spread up to 500. Lower is gentler on an upstream
    /// that is recovering.
    /// </summary>
    public int MaxConnectsPerSecond { get; set; } = 50;

    /// <summary>Sockets that may be opening at the same time in the whole process.</summary>
    public int MaxConcurrentConnects { get; set; } = 32;

    /// <summary>How often one request is sent before its response counts as failed. 1 never tries again.</summary>
    public int MaxAttempts { get; set; } = 6;

    /// <summary>Upper bound of the first wait before a request is sent again; it doubles each time, and the wait is drawn below it.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Upper limit of the bound of <see cref="RetryDelay"/>.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Total wait for one response, counting only the waits between attempts. An upstream that asks for more ends the run.</summary>
    public TimeSpan MaxRetryWait { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>Largest event accepted, in bytes.</summary>
    public int MaxEventBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>Largest WebSocket request, in bytes; the upstream closes with 1009 above about 16 MiB.</summary>
    public int MaxRequestBytes { get; set; } = 16_000_000;

    /// <summary>The API's <c>reasoning.effort</c> for every request, or null.</summary>
    public string? ReasoningEffort { get; set; }

    /// <summary>The API's <c>reasoning.summary</c> for every request, or null for none.</summary>
    public string? ReasoningSummary { get; set; } = "auto";

    /// <summary>True when something can be prepared before a message: HTTP has no connection to open early.</summary>
    internal bool IsWarmUpEnabled => WarmUp is not WarmUpMode.Off && Transport is not TransportChoice.Http;

    /// <summary>
    /// Whether messages to a working run are sent into the response being generated (<c>response.steer</c>). Otherwise, and where that
    /// fails, they go in with the next request. <c>Auto</c> tries each model once.
    /// </summary>
    public SteeringChoice Steering { get; set; } = SteeringChoice.Auto;

    /// <summary>
    /// Tokens of context above which the upstream compacts the conversation on its own while it answers, or null for never. Such
    /// responses cannot be steered, and the earlier conversation can no longer be resent verbatim.
    /// </summary>
    public int? CompactThreshold { get; set; }

    /// <summary>
    /// Tokens the model's context holds, or null if unknown. A conversation that would fill nine tenths of it is compacted before it is
    /// sent; if null, that happens only after the upstream has reported that it is too long.
    /// </summary>
    public int? ContextTokens { get; set; }

    /// <summary><see cref="FirstEventTimeout"/> for a request of this size.</summary>
    internal TimeSpan FirstEventLimit(long requestBytes) => FirstEventTimeout + TimeSpan.FromSeconds(requestBytes / SlowestUplink);
}
