using System.Threading.Channels;
using Copilot.Domain.Concurrency;
using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Responses.Transports;

/// <summary>
/// One request in flight on a socket: the socket's loop writes the events of its response, and of the successors of a steered one; the
/// caller reads them. A reader that stops makes the loop wait once <see cref="Capacity"/> bytes are buffered, and then the socket.
/// </summary>
/// <remarks>
/// The buffer is counted in bytes and holds minutes of a usual stream, because a loop that stops does not see pongs either: the
/// keep-alive watchdog would mistake a slow reader for a dead upstream.
/// </remarks>
/// <param name="previousResponseId">The response before it on the same socket, or null.</param>
internal sealed class ResponseStream(string? previousResponseId)
{
    /// <summary>How many bytes of events may be buffered for the reader.</summary>
    internal const int Capacity = 4 * 1024 * 1024;

    private readonly Channel<Delivered> _events = Channel.CreateUnbounded<Delivered>(
        new UnboundedChannelOptions
        {
            SingleReader = true,
            SingleWriter = true,

            // The reader only passes on what it reads: the socket's loop does it sooner than another thread wakes.
            AllowSynchronousContinuations = true,
        });

    private readonly Lock _lock = new();
    private readonly AsyncSignal _room = new();
    private readonly SteeringTracker _steering = new();
    private long _waiting;
    private bool _full;

    // Two threads set it, and only ever to true.
    private volatile bool _over;
    private bool _closed;
    private string? _responseId;

    /// <summary>The newest response's id, once an event has carried it.</summary>
    public string? ResponseId => Volatile.Read(ref _responseId);

    /// <summary>True while its response may be steered.</summary>
    public bool CanSteer
    {
        get
        {
            lock (_lock)
            {
                return !_closed && _steering.CanSteer;
            }
        }
    }

    /// <summary>True while a steer message has no answer.</summary>
    public bool AwaitsSteerAnswer
    {
        get
        {
            lock (_lock)
            {
                return _steering.AwaitsAnswer;
            }
        }
    }

    /// <summary>True once the last event was written or the reader has left.</summary>
    public bool IsOver => _over;

    /// <summary>
    /// True for the late end of the response before: a failure is sometimes reported twice, as <c>error</c> and as <c>response.failed</c>.
    /// </summary>
    public bool IsOfThePreviousResponse(ResponseEvent received) =>
        previousResponseId is not null && received is ResponseLifecycleEvent lifecycle && lifecycle.Response.Id == previousResponseId;

    /// <summary>Records that a message is about to be sent into this response; false when it is not being generated.</summary>
    public bool TryBeginSteer(string responseId)
    {
        lock (_lock)
        {
            return !_closed && _steering.TryBegin(responseId);
        }
    }

    /// <summary>Writes an event and waits while the buffer is full; discards it once the reader has left.</summary>
    public Task WriteAsync(ResponseEvent received)
    {
        Task room;
        ResponseStreamPhase phase;
        lock (_lock)
        {
            if (_closed)
            {
                return Task.CompletedTask;
            }

            _waiting += received.Json.Length;
            _full |= _waiting > Capacity;
            room = _full ? _room.Next : Task.CompletedTask;
            _steering.Apply(received);
            _responseId = _steering.ResponseId;
            phase = _steering.Phase;
        }

        if (phase is ResponseStreamPhase.Over)
        {
            // Before it is readable: its reader may start the next request at once.
            _over = true;
        }

        _events.Writer.TryWrite(new Delivered(received, phase));
        return room;
    }

    /// <summary>The next event; the channel's completion carries the reason when there is none.</summary>
    public async ValueTask<Delivered> ReadAsync(CancellationToken cancellationToken)
    {
        var received = await _events.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            _waiting -= received.Event.Json.Length;
            if (_full && _waiting <= Capacity / 2)
            {
                _full = false;
                _room.Set();
            }
        }

        return received;
    }

    /// <summary>No more events, for this reason. The first call counts.</summary>
    public void Complete(TransportException exception)
    {
        lock (_lock)
        {
            _closed = true;
            _full = false;
            _room.Set();
        }

        _over = true;
        _events.Writer.TryComplete(exception);
    }
}

/// <summary>An event, and the phase of the stream after it.</summary>
internal readonly record struct Delivered(ResponseEvent Event, ResponseStreamPhase Phase);
