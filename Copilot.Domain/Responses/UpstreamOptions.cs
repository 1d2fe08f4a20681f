using Copilot.Domain.Responses.Transports;
using Copilot.Domain.Settings;
using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
namespace Copilot.Domain.Responses;

/// <summary>The upstream: any server of the Responses API. Bound from <c>Upstream</c>.</summary>
public sealed class UpstreamOptions : IValidatableObject
{
    /// <summary>Bytes a second that any uplink is trusted to have.</summary>
    private const int SlowestUplink = 128 * 1024;

    /// <summary>
    /// Base address of the Responses API, to which <c>/responses</c> is added; query parameters are kept. Default:
    /// <c>OPENAI_BASE_URL</c>; with a key alone OpenAI's own; in demo mode the demo upstream.
    /// </summary>
    [HttpAddress]
    public Uri? BaseUrl { get; set; }

    /// <summary>The key that is sent with every request. A secret. Default: <c>OPENAI_API_KEY</c>.</summary>
    public string? ApiKey { get; set; }

    /// <summary>
    /// The header that carries <see cref="ApiKey"/>: <c>Authorization</c> sends it as a bearer token, any other as it is. Azure takes
    /// either a bearer token or <c>api-key</c>. Default: <c>Authorization</c>.
    /// </summary>
    [Matches(HeaderRules.Name, HeaderRules.NameForm)]
    public string ApiKeyHeader { get; set; } = "Authorization";

    /// <summary>
    /// More headers of every request and upgrade, for example <c>OpenAI-Organization</c> and <c>OpenAI-Project</c>. A shell exports no
    /// name with a hyphen: set those on the command line or in <c>appsettings.json</c>. Default: none.
    /// </summary>
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Model of an agent that names none. Default: <c>gpt-5.6</c>; with the demo upstream <c>gpt-6-demo</c>.</summary>
    [Default("`gpt-5.6`; with the demo upstream `gpt-6-demo`")]
    public string Model { get; set; } = "gpt-5.6";

    /// <summary>
    /// Which transport to use: WebSocket, HTTP, or WebSocket with HTTP where the socket cannot be opened soon enough (<c>Auto</c>).
    /// <c>Auto</c> trades a first refused upgrade for the faster socket. Default: <c>Auto</c>.
    /// </summary>
    public TransportChoice Transport { get; set; } = TransportChoice.Auto;

    /// <summary>Whether the upstream may store responses. Off, nothing has to be deleted there and reasoning travels encrypted. Default: false.</summary>
    public bool Store { get; set; }

    /// <summary>How long a connect may take before it counts as failed. Shorter falls back to HTTP sooner. Default: 5 s.</summary>
    [Duration]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// With <c>Auto</c>: how long a socket may take to open before HTTP takes the request. Shorter answers sooner behind a proxy
    /// that swallows upgrades; longer keeps a slow network on the socket. The attempt itself goes on until <see cref="ConnectTimeout"/>.
    /// Default: 1.5 s.
    /// </summary>
    [Duration]
    public TimeSpan SocketHeadStart { get; set; } = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// After a socket failed: how long all runs use HTTP before one of them tries a socket again. Doubles at each failure up to
    /// <see cref="MaxSocketCooldown"/>. Default: 30 s.
    /// </summary>
    [Duration]
    public TimeSpan SocketCooldown { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest that <see cref="SocketCooldown"/> grows to. Default: 5 min.</summary>
    [Duration]
    public TimeSpan MaxSocketCooldown { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long the first sign of a response may take. Any event ends this time-out, over HTTP any byte. Too short sends a request twice
    /// to an upstream that queues; too long waits for a dead one. A request of more than 128 KiB gets a second more for each of them, so
    /// that a slow uplink is not taken for silence; one that is sent again after silence gets twice as long. Default: 10 s.
    /// </summary>
    [Duration]
    public TimeSpan FirstEventTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long an HTTP response may be silent in its middle before the connection counts as lost: HTTP has no pings. Any byte starts it
    /// anew. Shorter notices a dead network sooner and cuts a model that thinks without a sign. Default: 3 min.
    /// </summary>
    [Duration]
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>
    /// FirstEventTimeout on a socket before a ping. Shorter survives stricter proxies and costs traffic. With the default
    /// <see cref="KeepAliveTimeout"/> a dead connection is noticed within 25 s. Default: 12 s.
    /// </summary>
    /// <remarks>The framework's watchdog looks four times per timeout, so each of the two waits may be a quarter longer.</remarks>
    [Duration]
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(12);

    /// <summary>How long a pong may take before the socket counts as dead. Default: 8 s.</summary>
    [Duration]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>
    /// Age at which a socket is replaced between two responses, give or take 4 % so that sockets opened together do not all age
    /// together. The API ends sockets at 60 minutes. Default: 55 min.
    /// </summary>
    [Duration]
    public TimeSpan MaxConnectionAge { get; set; } = TimeSpan.FromMinutes(55);

    /// <summary>
    /// What is prepared while a person types: nothing (<c>Off</c>), an open socket (<c>Socket</c>), or a socket on which the upstream
    /// has read the conversation so far (<c>Request</c>), which it may bill even when nothing is sent. <c>Request</c> has the first word
    /// sooner. With <see cref="Store"/> it is as <c>Socket</c>, so that nothing is stored upstream that no run knows of. Default:
    /// <c>Request</c>.
    /// </summary>
    public WarmUpMode WarmUp { get; set; } = WarmUpMode.Request;

    /// <summary>How long a socket that was opened for a message stays open after typing has stopped. Default: 60 s.</summary>
    [Duration]
    public TimeSpan WarmSocketLifetime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Sockets opened per second by the whole process, in any second, wherever it starts; evenly spread up to 500. Lower is kinder to
    /// an upstream that comes back. Default: 50.
    /// </summary>
    [AtLeast(1)]
    public int MaxConnectsPerSecond { get; set; } = 50;

    /// <summary>Sockets that may be opening at the same time in the whole process. Default: 32.</summary>
    [AtLeast(1)]
    public int MaxConcurrentConnects { get; set; } = 32;

    /// <summary>How often one request is sent before its response counts as failed. 1 never tries again. Default: 6.</summary>
    [AtLeast(1)]
    public int MaxAttempts { get; set; } = 6;

    /// <summary>
    /// Upper bound of the first wait before a request is sent again. It doubles each time up to <see cref="MaxRetryDelay"/>, and the
    /// wait is drawn at random below it. Default: 250 ms.
    /// </summary>
    [Duration]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The most that the bound of <see cref="RetryDelay"/> grows to. Default: 20 s.</summary>
    [Duration]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long one response may be waited for in all, counting only the waits between attempts. An upstream that asks for more ends
    /// the run. Default: 3 min.
    /// </summary>
    [Duration]
    public TimeSpan MaxRetryWait { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>Largest event accepted, in bytes. Default: 32 MiB.</summary>
    [AtLeast(1)]
    public int MaxEventBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>Largest WebSocket request, in bytes; the upstream closes with 1009 above about 16 MiB. Default: 16,000,000.</summary>
    [AtLeast(1)]
    public int MaxRequestBytes { get; set; } = 16_000_000;

    /// <summary>The API's <c>reasoning.effort</c> for every request; without it the model's own. Default: none.</summary>
    public string? ReasoningEffort { get; set; }

    /// <summary>The API's <c>reasoning.summary</c> for every request; empty for no summaries. Default: <c>auto</c>.</summary>
    [EmptyMeansNone]
    public string? ReasoningSummary { get; set; } = "auto";

    /// <summary>True when there is something to prepare before a message: HTTP has no connection to open early.</summary>
    internal bool IsWarmUpEnabled => WarmUp is not WarmUpMode.Off && Transport is not TransportChoice.Http;

    /// <summary>
    /// Whether a message to a working agent is sent into the response that is being generated (<c>response.steer</c>): where the model
    /// can (<c>Auto</c>), always or never. Elsewhere, and where it fails, it goes with the next request. Default: <c>Auto</c>.
    /// </summary>
    public SteeringChoice Steering { get; set; } = SteeringChoice.Auto;

    /// <summary>
    /// Tokens of context above which the upstream compacts the conversation by itself while it answers; without it, never. Such
    /// responses cannot be steered, and what was said before can no longer be sent again word for word. Default: none.
    /// </summary>
    [AtLeast(1)]
    public int? CompactThreshold { get; set; }

    /// <summary>
    /// Tokens the model's context holds. A whole conversation that would fill nine tenths of it is compacted before it is sent;
    /// without this setting, only once the upstream has said that it is too long. Default: none.
    /// </summary>
    [AtLeast(1)]
    public int? ContextTokens { get; set; }

    /// <summary>
    /// What single models' contexts hold, for the gauge of a conversation. Without them <see cref="ContextTokens"/> counts, then what is
    /// known of the families of OpenAI's models; of any other model the gauge is not shown. Default: none; with the demo upstream the demo
    /// model's 32,000.
    /// </summary>
    [ValidateEnumeratedItems]
    public IList<ModelWindowOptions> ContextWindows { get; } = [];

    /// <summary><see cref="FirstEventTimeout"/> for a request of this size.</summary>
    internal TimeSpan FirstEventLimit(long requestBytes) => FirstEventLimit(requestBytes, factor: 1);

    /// <summary>The same, that many times as long.</summary>
    internal TimeSpan FirstEventLimit(long requestBytes, int factor) =>
        (FirstEventTimeout * factor) + TimeSpan.FromSeconds(requestBytes / SlowestUplink);

    /// <inheritdoc/>
    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext) =>
        HeaderRules.ErrorsOf($"{SettingText.SectionOf(validationContext)}:{nameof(Headers)}", Headers, least: 1)
            .Select(error => new ValidationResult(error));
}
