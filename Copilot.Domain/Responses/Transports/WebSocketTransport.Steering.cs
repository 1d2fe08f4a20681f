using System.Net.WebSockets;
using System.Threading.Channels;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Responses.Transports;

/// <summary>Steering a response that is being generated.</summary>
internal sealed partial class WebSocketTransport
{
    private Task _steer = Task.CompletedTask;
    private ResponseSettings? _settings;

    /// <inheritdoc/>
    public bool CanSteer =>
        _settings is { CompactThreshold: null } settings
        && _steering.MaySteer(_options.Steering, _endpoint.BaseUrl, settings.Model)
        && Volatile.Read(ref _stream) is { CanSteer: true };

    /// <inheritdoc/>
    public async Task<bool> TrySteerAsync(SteerRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var frame = RequestWriter.WriteSteer(request);
        if (frame.Length > _options.MaxRequestBytes || !CanSteer
            || Volatile.Read(ref _stream) is not { } stream || !stream.TryBeginSteer(request.PreviousResponseId))
        {
            return false;
        }

        try
        {
            _steer = SendFrameAsync(frame);
            await _steer.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is WebSocketException or ObjectDisposedException or InvalidOperationException or IOException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The receiving side sees the same end. Whether the message had arrived is unknown.
            LogSteerCutShort(exception);
        }

        return true;
    }

    /// <summary>Applies what an event says about steering beyond its own response.</summary>
    private void ObserveSteering(ResponseEvent received)
    {
        if (_settings is { } settings
            && (received is SteerEvent { Error.Code: "steering_not_supported" }
                || (received is ResponseErrorEvent { Error: var error } && SteeringSupport.IsUnknownMessage(error)
                    && Volatile.Read(ref _stream) is { AwaitsSteerAnswer: true })))
        {
            _steering.Refused(_endpoint.BaseUrl, settings.Model);
        }

        if (received is ResponseLifecycleEvent { IsTerminal: false } begun
            && Volatile.Read(ref _stream) is { IsOver: true } before
            && before.ResponseId != begun.Response.Id)
        {
            // A successor after the stream's end would be mistaken for the answer to the next request.
            _tooOld = true;
        }
    }

    /// <summary>The next event after the end of a steered response; null when the socket ends first or none arrives in time.</summary>
    private async ValueTask<Delivered?> NextAfterSteerAsync(ResponseStream stream, FirstEventTimeout steerTimeout, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(steerTimeout.Token).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            // Ended carries the reason.
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogSteerUnanswered();
            _tooOld = true;
            return null;
        }
        catch (OperationCanceledException exception)
        {
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Steering a response was interrupted by the end of the socket")]
    private partial void LogSteerCutShort(Exception exception);

    [LoggerMessage(LogLevel.Debug, "A steered response ended without a successor; the socket is replaced")]
    private partial void LogSteerUnanswered();
}
