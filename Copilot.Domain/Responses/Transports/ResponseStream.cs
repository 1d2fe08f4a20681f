using System.Threading.Channels;
using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Responses.Transports;

/// <summary>
/// One request in flight on a socket: the socket's loop writes the events of its response, and of those that follow it because it was steered;
/// the caller reads them. A reader that stops makes the loop stop once <see cref="Capacity"/> bytes wait, and then the socket.
/// </summary>
/// <remarks>
/// The buffer is counted in bytes and holds minutes of a usual stream, because a loop that stops does not see pongs either: the
/// keep-alive watchdog would take a slow reader for a dead upstream.
/// </remarks>
/// <param name="previousResponseId">The response before it on the same socket, or null.</param>
internal sealed class ResponseStream(string? previousResponseId)
{
    /// <summary>How many bytes of events may wait for the reader.</summary>
    internal const int Capacity = 4 * 1024 * 1024;

    private readonly Channel<Delivered> _events = Channel.CreateUnbounded<Delivered>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly Lock _lock = new();
    private readonly SteeringTracker _steering = new();
    private long _waiting;
    private TaskCompletionSource? _room;
    private volatile bool _over;
    private bool _closed;
    private string? _responseId;

    /// <summary>The newest response's id, once an event has told it.</summary>
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

    /// <summary>True while words that steer its response have no answer.</summary>
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

    /// <summary>True once the last event was handed over or nobody reads any more.</summary>
    public bool IsOver => _over;

    /// <summary>
    /// True for the late end of the response before: a failure is sometimes told twice, as <c>error</c> and as <c>response.failed</c>.
    /// </summary>
    public bool IsOfThePreviousResponse(ResponseEvent received) =>
        previousResponseId is not null && received is ResponseLifecycleEvent lifecycle && lifecycle.Response.Id == previousResponseId;

    /// <summary>Takes note that words for this response are about to be sent; false when it is not being generated.</summary>
    public bool TryBeginSteer(string responseId)
    {
        lock (_lock)
        {
            return !_closed && _steering.TryBegin(responseId);
        }
    }

    /// <summary>Hands an event over and waits while too much is waiting; drops it once nobody reads.</summary>
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
            if (_waiting > Capacity)
            {
                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            room = _room?.Task ?? Task.CompletedTask;
            _steering.Apply(received);
            _responseId = _steering.ResponseId;
            phase = _steering.Phase;
        }

        // Before it is readable: its reader may begin the next exchange at once.
        _over |= phase is ResponseStreamPhase.Over;
        _events.Writer.TryWrite(new Delivered(received, phase));
        return room;
    }

    /// <summary>The next event; the channel's completion carries why there is none.</summary>
    public async ValueTask<Delivered> ReadAsync(CancellationToken cancellationToken)
    {
        var received = await _events.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            _waiting -= received.Event.Json.Length;
            if (_waiting <= Capacity / 2)
            {
                _room?.TrySetResult();
                _room = null;
            }
        }

        return received;
    }

    /// <summary>No more events, for this reason. The first call counts.</summary>
    public void Complete(TransportException error)
    {
        lock (_lock)
        {
            _closed = true;
            _room?.TrySetResult();
            _room = null;
        }

        _over = true;
        _events.Writer.TryComplete(error);
    }
}

/// <summary>An event, and how far the exchange had come with it.</summary>
internal readonly record struct Delivered(ResponseEvent Event, ResponseStreamPhase Phase);
