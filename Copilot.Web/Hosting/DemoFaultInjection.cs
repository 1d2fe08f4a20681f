using Copilot.Domain.Concurrency;
using System.Collections.Immutable;
using Copilot.Demo.Upstream.Faults;
using Copilot.Demo.Upstream.Network;
using Copilot.Web.Sessions;

namespace Copilot.Web.Hosting;

/// <summary>The demo upstream's fault injection, for the pages.</summary>
internal sealed class DemoFaultInjection : IFaultInjection
{
    private const double Megabit = 1_000_000;

    private readonly Lock _lock = new();
    private readonly DemoFaults _faults;
    private readonly DemoNetwork _network;
    private readonly AsyncSignal _changed = new();
    private FaultInjectionState _now;

    public DemoFaultInjection(DemoFaults faults, DemoNetwork network)
    {
        (_faults, _network) = (faults, network);
        _now = ReadState();
        faults.Changed += Refresh;
    }

    /// <inheritdoc/>
    public ImmutableArray<InjectableFault> Kinds { get; } =
    [
        .. DemoFaultCatalog.All.Select(kind => new InjectableFault(
            kind.Name,
            kind.Place switch
            {
                DemoFaultStage.Upgrade => FaultStage.Opening,
                DemoFaultStage.Post => FaultStage.Post,
                _ => FaultStage.Response,
            },
            kind.Transport,
            kind.Description)),
    ];

    /// <inheritdoc/>
    public ImmutableArray<SimulatedNetwork> Networks { get; } =
        [.. NetworkProfile.All.Select(profile => new SimulatedNetwork(profile.Name, profile.RoundTrip, profile.DownBitsPerSecond / Megabit, profile.Loss))];

    /// <inheritdoc/>
    public FaultInjectionState Now
    {
        get
        {
            lock (_lock)
            {
                return _now;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<FaultInjectionState> WhenChangedAsync(FaultInjectionState seen, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (!ReferenceEquals(_now, seen))
                {
                    return _now;
                }

                changed = _changed.Next;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Inject(string kind, int? times) => _faults.Inject(new DemoFault { Fault = kind, Times = times });

    /// <inheritdoc/>
    public void Use(string? network)
    {
        _network.Profile = network is null ? null : NetworkProfile.Find(network);
        Refresh();
    }

    /// <inheritdoc/>
    public void StopAll()
    {
        _network.Profile = null;
        _faults.Clear();
    }

    private void Refresh()
    {
        lock (_lock)
        {
            _now = ReadState();
        }

        _changed.Set();
    }

    private FaultInjectionState ReadState() => new([.. _faults.Requests.Select(request => new InjectedFault(request.Fault, request.Times))], _network.Profile?.Name);
}
