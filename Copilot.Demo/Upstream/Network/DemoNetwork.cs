using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Options;

namespace Copilot.Demo.Upstream.Network;

/// <summary>
/// The simulated network of this process, changeable at any time for new connections. A request may select another one with the metadata
/// key <c>demo.profile</c>, an address with the same key in its query (for all that goes to it, the
/// upgrades included): the value is the name of a <see cref="NetworkProfile"/>. The address takes precedence over metadata, metadata over
/// the process. A profile selected by metadata is known only with the first request on a connection, which then pays for opening it.
/// </summary>
public sealed class DemoNetwork
{
    /// <summary>The metadata and query key.</summary>
    public const string Key = "demo.profile";

    private readonly int _seed;
    private readonly TimeProvider _time;
    private int _links;

    /// <summary>Starts with the configured profile.</summary>
    /// <exception cref="ArgumentException">There is no profile of that name.</exception>
    public DemoNetwork(IOptions<DemoUpstreamOptions> options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);

        _seed = options.Value.Seed;
        _time = time;
        Profile = options.Value.Network is { Length: > 0 } name
            ? NetworkProfile.Find(name) ?? throw new ArgumentException($"The demo upstream has no network '{name}'.", nameof(options))
            : null;
    }

    /// <summary>The profile of the process; null is the bare loopback.</summary>
    public NetworkProfile? Profile { get; set; }

    /// <summary>The link a request's connection has as soon as it is known, or null for the bare loopback.</summary>
    internal NetworkLink? LinkOf(HttpContext context) =>
        NetworkProfile.Find(context.Request.Query[Key].ToString()) is { } requested
            ? LinkOf(context, requested)
            : Profile is { } own ? LinkOf(context, own) : null;

    /// <summary>The link selected by a request's metadata for its connection; else the connection's own.</summary>
    internal NetworkLink? LinkOf(HttpContext context, NetworkLink? own, IReadOnlyDictionary<string, string> metadata) =>
        metadata.TryGetValue(Key, out var name) && !context.Request.Query.ContainsKey(Key)
            ? LinkOf(context, NetworkProfile.Find(name)!)
            : own;

    private NetworkLink LinkOf(HttpContext context, NetworkProfile profile)
    {
        var items = context.Features.Get<IConnectionItemsFeature>()?.Items ?? context.Items;
        lock (items)
        {
            var key = (typeof(NetworkLink), profile);
            if (items.TryGetValue(key, out var known))
            {
                return (NetworkLink)known!;
            }

            var link = new NetworkLink(profile, unchecked((_seed * 1_000_003) + Interlocked.Increment(ref _links)), _time);
            items[key] = link;
            return link;
        }
    }
}
