using System.Net.WebSockets;
using System.Threading.Channels;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Responses.Transports;

/// <summary>Words for a response that is being generated.</summary>
internal sealed partial class WebSocketTransport
{
    private Task _steer = Task.CompletedTask;
    private ResponseSettings? _settings;

    /// <inheritdoc/>
    public bool CanSteer =>
        _settings is { CompactThreshold: null } settings
        && _steering.MaySteer(_options.Steering, _endpoint.BaseUrl, settings.Model)
        && Volatile.Read(ref _exchange) is { CanSteer: true };

    /// <inheritdoc/>
    public async Task<bool> TrySteerAsync(SteerRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var frame = RequestWriter.WriteSteer(request);
        if (frame.Length > _options.MaxRequestBytes || !CanSteer
            || Volatile.Read(ref _exchange) is not { } exchange || !exchange.TryBeginSteer(request.PreviousResponseId))
        {
            return false;
        }

        try
        {
            _steer = SendFrameAsync(frame);
            await _steer.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is WebSocketException or ObjectDisposedException or InvalidOperationException or IOException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The receiving side sees the same end. Whether the words had arrived nobody knows.
            LogSteerCutShort(error);
        }

        return true;
    }

    /// <summary>What an event says about steering beside its own response.</summary>
    private void NoteSteering(ResponseEvent received)
    {
        if (_settings is { } settings
            && (received is SteerEvent { Error.Code: "steering_not_supported" }
                || (received is ResponseErrorEvent { Error: var error } && SteeringSupport.IsUnknownMessage(error)
                    && Volatile.Read(ref _exchange) is { AwaitsSteerAnswer: true })))
        {
            _steering.Refused(_endpoint.BaseUrl, settings.Model);
        }

        // A successor that was given up would be taken for the answer to the next request.
        _tooOld |= received is ResponseLifecycleEvent { IsTerminal: false } begun
            && Volatile.Read(ref _exchange) is { IsOver: true } before
            && before.ResponseId != begun.Response.Id;
    }

    /// <summary>The next event that a steered response's end still owes; null when the socket ends first or nothing comes.</summary>
    private async ValueTask<Delivered?> OwedAsync(ResponseStream exchange, FirstEventTimeout owing, CancellationToken cancellationToken)
    {
        try
        {
            return await exchange.ReadAsync(owing.Token).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            // Why it ended is told by Ended.
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogOwed();
            _tooOld = true;
            return null;
        }
        catch (OperationCanceledException error)
        {
            throw new OperationCanceledException(error.Message, error, cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Steering a response was interrupted by the end of the socket")]
    private partial void LogSteerCutShort(Exception error);

    [LoggerMessage(LogLevel.Debug, "A steered response ended without a successor; the socket is replaced")]
    private partial void LogOwed();
}
