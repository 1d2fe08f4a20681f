using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Copilot.Demo.Upstream.Http;
using Microsoft.Extensions.Options;

namespace Copilot.Demo.Upstream.Faults;

/// <summary>
/// The faults this process has been told to have, changeable at any time, and how often each has struck. It begins with
/// <see cref="DemoUpstreamOptions.Faults"/>; chance is drawn from <see cref="DemoUpstreamOptions.Seed"/>. An order that comes with
/// a request goes before the orders of the process. Of several orders of the process the first that applies is met.
/// </summary>
[SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "A seed has to give the same faults again.")]
public sealed class DemoFaults
{
    private const int MaxScopes = 10_000;

    private readonly Lock _lock = new();
    private readonly Random _random;
    private readonly Dictionary<string, Standing> _asked = [];
    private readonly Queue<string> _askedOrder = [];
    private readonly Dictionary<string, int> _struck = [];
    private ImmutableArray<Standing> _standing = [];

    /// <summary>Begins with the orders of the configuration.</summary>
    public DemoFaults(IOptions<DemoUpstreamOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);

        _random = new Random(options.Value.Seed);
        foreach (var fault in options.Value.Faults)
        {
            Order(fault);
        }
    }

    /// <summary>Says that the orders, or how often they have struck, are not what they were.</summary>
    public event Action? Changed;

    /// <summary>The orders of the process that are not used up.</summary>
    public ImmutableArray<DemoFault> Orders
    {
        get
        {
            lock (_lock)
            {
                return [.. _standing.Select(standing => standing.Fault with { Times = standing.Left, Skip = standing.Skip })];
            }
        }
    }

    /// <summary>How often a fault has struck since the process began, whoever ordered it.</summary>
    public int Struck(string fault)
    {
        lock (_lock)
        {
            return _struck.GetValueOrDefault(fault);
        }
    }

    /// <summary>Gives the process one more order.</summary>
    /// <exception cref="ArgumentException">The fault is unknown or a value out of its range.</exception>
    public void Order(DemoFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        if (fault.Flaw() is { } flaw)
        {
            throw new ArgumentException(flaw, nameof(fault));
        }

        lock (_lock)
        {
            _standing = _standing.Add(new Standing(fault));
        }

        Changed?.Invoke();
    }

    /// <summary>Takes back all orders of the process.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _standing = [];
        }

        Changed?.Invoke();
    }

    /// <summary>
    /// What the next request or upgrade meets. The order is only used up once it strikes: a response that has no place for
    /// it is spared, and the next one meets it.
    /// </summary>
    /// <param name="place">What is about to begin.</param>
    /// <param name="transport">Over which transport.</param>
    /// <param name="asked">The order that came with the request, or null.</param>
    /// <param name="scope">Whose counter that order has.</param>
    internal FaultRequest? Next(DemoFaultStage place, RequestTransport transport, DemoFault? asked, string scope)
    {
        var over = transport == RequestTransport.Http ? "http" : "websocket";
        lock (_lock)
        {
            if (asked is not null && Applies(asked, place, over) && Asked(asked, scope).IsDue())
            {
                return OrderOf(Asked(asked, scope));
            }

            foreach (var standing in _standing)
            {
                if (Applies(standing.Fault, place, over) && _random.NextDouble() < standing.Fault.Probability && standing.IsDue())
                {
                    return OrderOf(standing);
                }
            }

            return null;
        }
    }

    /// <summary>Turns an order for upgrades that came with a message into an order of the process, once.</summary>
    /// <returns>True when the connection has to restart for it.</returns>
    internal bool ArmUpgrade(DemoFault asked, string scope)
    {
        if (DemoFaultCatalog.Find(asked.Fault)!.Place != DemoFaultStage.Upgrade)
        {
            return false;
        }

        lock (_lock)
        {
            var armed = Asked(asked, scope);
            if (!armed.IsDue() || armed.Left is 0)
            {
                return false;
            }

            armed.Left = 0;
        }

        Order(asked with { Skip = 0 });
        return true;
    }

    private static bool Applies(DemoFault fault, DemoFaultStage place, string over)
    {
        var kind = DemoFaultCatalog.Find(fault.Fault)!;
        return kind.Place == place && (kind.Transport ?? over) == over && (fault.Over ?? over) == over;
    }

    private Standing Asked(DemoFault asked, string scope)
    {
        var key = $"{asked.Fault}\n{scope}";
        if (_asked.TryGetValue(key, out var known))
        {
            return known;
        }

        if (_askedOrder.Count == MaxScopes)
        {
            _asked.Remove(_askedOrder.Dequeue());
        }

        _askedOrder.Enqueue(key);
        return _asked[key] = new Standing(asked);
    }

    private FaultRequest OrderOf(Standing standing) => new(
        DemoFaultCatalog.Find(standing.Fault.Fault)!,
        standing.Fault.At,
        standing.Fault.Seconds,
        () => Apply(standing));

    private bool Apply(Standing standing)
    {
        lock (_lock)
        {
            if (standing.Left is 0)
            {
                return false;
            }

            standing.Left--;
            _struck[standing.Fault.Fault] = _struck.GetValueOrDefault(standing.Fault.Fault) + 1;
            if (standing.Left is 0)
            {
                _standing = _standing.Remove(standing);
            }
        }

        Changed?.Invoke();
        return true;
    }

    private sealed class Standing(DemoFault fault)
    {
        public DemoFault Fault => fault;

        public int? Left { get; set; } = fault.Times;

        public int Skip { get; private set; } = fault.Skip;

        // A request that is let through counts, one that meets the fault does not until it strikes.
        public bool IsDue()
        {
            if (Left is 0)
            {
                return false;
            }

            if (Skip == 0)
            {
                return true;
            }

            Skip--;
            return false;
        }
    }
}
