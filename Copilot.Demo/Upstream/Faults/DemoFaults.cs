using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Copilot.Demo.Upstream.Http;
using Microsoft.Extensions.Options;

namespace Copilot.Demo.Upstream.Faults;

/// <summary>
/// The faults injected into this process, changeable at any time, and how often each was applied. Initially <see
/// cref="DemoUpstreamOptions.Faults"/>; random values are drawn from <see cref="DemoUpstreamOptions.Seed"/>. A fault requested with a
/// request takes precedence over those of the process. Of several faults of the process the first that applies is used.
/// </summary>
[SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "A seed has to give the same faults again.")]
public sealed class DemoFaults
{
    private const int MaxScopes = 10_000;

    private readonly Lock _lock = new();
    private readonly Random _random;
    private readonly Dictionary<string, Standing> _requested = [];
    private readonly Queue<string> _requestedKeys = [];
    private readonly Dictionary<string, int> _timesApplied = [];
    private ImmutableArray<Standing> _standing = [];

    /// <summary>Starts with the configured faults.</summary>
    public DemoFaults(IOptions<DemoUpstreamOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);

        _random = new Random(options.Value.Seed);
        foreach (var fault in options.Value.Faults)
        {
            Inject(fault);
        }
    }

    /// <summary>Raised when the requested faults or their counts have changed.</summary>
    public event Action? Changed;

    /// <summary>The process's fault requests that are not used up.</summary>
    public ImmutableArray<DemoFault> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _standing.Select(standing => standing.Fault with { Times = standing.Left, Skip = standing.Skip })];
            }
        }
    }

    /// <summary>How often a fault was applied since start-up, from any source.</summary>
    public int TimesApplied(string fault)
    {
        lock (_lock)
        {
            return _timesApplied.GetValueOrDefault(fault);
        }
    }

    /// <summary>Injects a fault into the process.</summary>
    /// <exception cref="ArgumentException">The fault is unknown or a value out of its range.</exception>
    public void Inject(DemoFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        if (fault.FindError() is { } flaw)
        {
            throw new ArgumentException(flaw, nameof(fault));
        }

        lock (_lock)
        {
            _standing = _standing.Add(new Standing(fault));
        }

        Changed?.Invoke();
    }

    /// <summary>Removes all faults of the process.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _standing = [];
        }

        Changed?.Invoke();
    }

    /// <summary>
    /// The fault for the next request or upgrade, or null. It counts only once it is applied: a response that it does not apply to is
    /// skipped, and the next one gets it.
    /// </summary>
    /// <param name="place">What is about to start.</param>
    /// <param name="transport">Over which transport.</param>
    /// <param name="requested">The fault that came with the request, or null.</param>
    /// <param name="scope">Scope of that fault's counter.</param>
    internal FaultRequest? Next(DemoFaultStage place, RequestTransport transport, DemoFault? requested, string scope)
    {
        var over = transport == RequestTransport.Http ? "http" : "websocket";
        lock (_lock)
        {
            if (requested is not null && Applies(requested, place, over) && StandingOf(requested, scope).IsDue())
            {
                return RequestOf(StandingOf(requested, scope));
            }

            foreach (var standing in _standing)
            {
                if (Applies(standing.Fault, place, over) && _random.NextDouble() < standing.Fault.Probability && standing.IsDue())
                {
                    return RequestOf(standing);
                }
            }

            return null;
        }
    }

    private static bool Applies(DemoFault fault, DemoFaultStage place, string over)
    {
        var kind = DemoFaultCatalog.Find(fault.Fault)!;
        return kind.Place == place && (kind.Transport ?? over) == over && (fault.Over ?? over) == over;
    }

    private Standing StandingOf(DemoFault requested, string scope)
    {
        var key = $"{requested.Fault}\n{scope}";
        if (_requested.TryGetValue(key, out var known))
        {
            return known;
        }

        if (_requestedKeys.Count == MaxScopes)
        {
            _requested.Remove(_requestedKeys.Dequeue());
        }

        _requestedKeys.Enqueue(key);
        return _requested[key] = new Standing(requested);
    }

    private FaultRequest RequestOf(Standing standing) => new(
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
            _timesApplied[standing.Fault.Fault] = _timesApplied.GetValueOrDefault(standing.Fault.Fault) + 1;
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

        // A skipped request counts at once, one that meets the fault only when it is applied.
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
