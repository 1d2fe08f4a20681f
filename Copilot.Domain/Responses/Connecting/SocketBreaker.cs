using Copilot.Domain.Concurrency;
using Copilot.Domain.Responses.Transports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Responses.Connecting;

/// <summary>
/// Decides for the whole process whether runs use sockets, because all runs share one upstream and one network. After a failure they use
/// HTTP at once; after a cool-down one socket at a time is probed in the background; its first event enables sockets again.
/// </summary>
/// <remarks>
/// A probe has three steps: it connects while HTTP serves, it waits as a spare until a run takes it for its next response, and it remains
/// a probe until its first event. A socket that opens and then sends nothing therefore costs one run, not all of them. Why this is not
/// Polly's circuit breaker is explained in <c>docs/decisions</c>.
/// </remarks>
public sealed partial class SocketBreaker
{
    /// <summary>How long an opened probe waits to be taken.</summary>
    internal static readonly TimeSpan SpareLifetime = TimeSpan.FromSeconds(60);

    private const int LossesToTrip = 2;

    private readonly Lock _lock = new();
    private readonly IOptionsMonitor<UpstreamOptions> _options;
    private readonly TimeProvider _time;
    private readonly ILogger<SocketBreaker> _logger;

    private readonly AsyncSignal _changed = new();
    private readonly AsyncSignal _turnedOff = new();
    private SocketState _state;
    private SocketProbe? _probe;
    private WebSocketTransport? _spare;
    private TimeSpan _cooldown;
    private long _openSince;
    private TimeSpan _openFor;
    private int _generation;
    private int _losses;

    internal SocketBreaker(IOptionsMonitor<UpstreamOptions> options, TimeProvider time, ILogger<SocketBreaker> logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _state = new SocketState { State = SocketCircuit.Closed, Since = time.GetUtcNow() };
    }

    /// <summary>The state now.</summary>
    public SocketState State
    {
        get
        {
            lock (_lock)
            {
                return _state;
            }
        }
    }

    /// <summary>True when a run that connects now would get a socket, or would start a probe.</summary>
    internal bool Admits
    {
        get
        {
            lock (_lock)
            {
                return _state.State == SocketCircuit.Closed || _spare is { Ended.IsCompleted: false } || IsProbeDue();
            }
        }
    }

    /// <summary>Waits until the state differs from the one given, and returns it.</summary>
    public async Task<SocketState> WhenChangedAsync(SocketState seen, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_state != seen)
                {
                    return _state;
                }

                changed = _changed.Next;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Permission to open a socket, or null while HTTP is to be used. After a cool-down it makes its holder the probe.</summary>
    internal SocketProbe? TryEnter()
    {
        lock (_lock)
        {
            if (_state.State == SocketCircuit.Closed)
            {
                return new SocketProbe(this, _generation, _turnedOff.Next);
            }

            if (!IsProbeDue())
            {
                return null;
            }

            // Sockets are off already.
            _probe = new SocketProbe(this, _generation, Task.CompletedTask);
            SetState(SocketCircuit.HalfOpen, _state.Reason, _state.Timeout, nextProbeAt: null);
            LogProbing();
            return _probe;
        }
    }

    /// <summary>Takes the spare socket that was opened in the background, if there is one. Its first event completes the probe.</summary>
    internal WebSocketTransport? TryAdopt()
    {
        lock (_lock)
        {
            if (_spare is not { Ended.IsCompleted: false } spare)
            {
                return null;
            }

            _spare = null;
            _probe?.Adopt();
            Publish(_state with { SpareReady = false });
            return spare;
        }
    }

    /// <summary>Offers a socket that was opened in the background. False when it does not belong to the current probe: its owner then closes it.</summary>
    internal bool Offer(SocketProbe probe, WebSocketTransport socket)
    {
        lock (_lock)
        {
            if (_probe != probe)
            {
                return false;
            }

            _spare = socket;
            Publish(_state with { SpareReady = true });
            return true;
        }
    }

    /// <summary>Withdraws an offer. False when a run has taken the socket; that run closes it.</summary>
    internal bool Withdraw(SocketProbe probe)
    {
        lock (_lock)
        {
            if (probe.Adopted.IsCompleted)
            {
                return false;
            }

            Released(probe);
            return true;
        }
    }

    internal bool IsProbe(SocketProbe probe)
    {
        lock (_lock)
        {
            return _probe == probe;
        }
    }

    internal bool IsWanted(SocketProbe probe)
    {
        lock (_lock)
        {
            return _probe == probe || (_state.State == SocketCircuit.Closed && probe.Generation == _generation);
        }
    }

    internal void TimedOut(SocketProbe probe, string reason)
    {
        lock (_lock)
        {
            if (_state.State == SocketCircuit.Closed && probe.Generation == _generation)
            {
                _probe = probe;
                SetState(SocketCircuit.HalfOpen, reason, UpstreamTimeout.HeadStart, nextProbeAt: null);
                LogOff(reason);
            }
        }
    }

    internal void Succeeded(SocketProbe probe)
    {
        lock (_lock)
        {
            if (_probe == probe)
            {
                _probe = null;
                _spare = null;
                _generation++;
                SetState(SocketCircuit.Closed, null, null, nextProbeAt: null);
                LogOn();
            }

            if (_state.State == SocketCircuit.Closed)
            {
                _cooldown = TimeSpan.Zero;
                _losses = 0;
            }
        }
    }

    internal void Failed(SocketProbe probe, string reason, UpstreamTimeout? timeout)
    {
        lock (_lock)
        {
            if (_probe == probe || (_state.State == SocketCircuit.Closed && probe.Generation == _generation))
            {
                Trip(reason, timeout);
            }
        }
    }

    internal void Lost(SocketProbe probe, string reason)
    {
        lock (_lock)
        {
            if (_probe == probe || (_state.State == SocketCircuit.Closed && probe.Generation == _generation && ++_losses >= LossesToTrip))
            {
                Trip(reason, timeout: null);
            }
        }
    }

    internal void Released(SocketProbe probe)
    {
        lock (_lock)
        {
            if (_probe == probe)
            {
                // No result, so the next run that connects may try at once.
                Open(TimeSpan.Zero, _state.Reason ?? "the last attempt was given up", _state.Timeout);
            }
        }
    }

    private bool IsProbeDue() => _state.State == SocketCircuit.Open && _time.GetElapsedTime(_openSince) >= _openFor;

    private void Trip(string reason, UpstreamTimeout? timeout)
    {
        var current = _options.CurrentValue;
        var grown = _cooldown == TimeSpan.Zero ? current.SocketCooldown : _cooldown * 2;
        _cooldown = grown < current.MaxSocketCooldown ? grown : current.MaxSocketCooldown;
        Open(_cooldown, reason, timeout);
        LogTripped(reason, _cooldown);
    }

    private void Open(TimeSpan cooldown, string reason, UpstreamTimeout? timeout)
    {
        _probe = null;
        _spare = null;
        _losses = 0;
        _openSince = _time.GetTimestamp();
        _openFor = cooldown;
        SetState(SocketCircuit.Open, reason, timeout, _time.GetUtcNow() + cooldown);
    }

    private void SetState(SocketCircuit circuit, string? reason, UpstreamTimeout? timeout, DateTimeOffset? nextProbeAt)
    {
        if (circuit != SocketCircuit.Closed)
        {
            _turnedOff.Set();
        }

        Publish(new SocketState
        {
            State = circuit,
            Since = (circuit == SocketCircuit.Closed) == (_state.State == SocketCircuit.Closed) ? _state.Since : _time.GetUtcNow(),
            Reason = reason,
            Timeout = timeout,
            NextProbeAt = nextProbeAt,
        });
    }

    private void Publish(SocketState state)
    {
        _state = state;
        _changed.Set();
    }

    [LoggerMessage(LogLevel.Warning, "Sockets to the upstream are disabled for {Cooldown}: {Reason}")]
    private partial void LogTripped(string reason, TimeSpan cooldown);

    [LoggerMessage(LogLevel.Warning, "Sockets to the upstream are disabled until one has opened: {Reason}")]
    private partial void LogOff(string reason);

    [LoggerMessage(LogLevel.Information, "Probing a socket to the upstream")]
    private partial void LogProbing();

    [LoggerMessage(LogLevel.Information, "Sockets to the upstream are enabled again")]
    private partial void LogOn();
}
