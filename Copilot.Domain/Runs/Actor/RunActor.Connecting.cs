using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Transports;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs.Actor;

/// <summary>A run's connection: how it gets one, when it goes by HTTP from the start, and what the log says of it.</summary>
internal sealed partial class RunActor
{
    /// <summary>Makes sure that a transport is open, or says why there is none.</summary>
    private async Task<TransportException?> ConnectAsync()
    {
        if (_upstream.Transport is { Ended.IsCompleted: true } lost)
        {
            var ended = await lost.Ended.ConfigureAwait(false);
            await _upstream.DropAsync().ConfigureAwait(false);
            RecordLost(lost.Kind, ended.Detail ?? "The upstream closed the connection.", ended.Timeout);
        }
        else if (_upstream.Transport is { ShouldRotate: true } && await _upstream.DropAsync().ConfigureAwait(false) is { } rotated)
        {
            RecordClosed(rotated.Kind, rotated.End);
        }

        if (_upstream.Transport is not null)
        {
            return null;
        }

        _upstream.Connect(_purpose, Post);
        _purpose = _purpose is ConnectPurpose.HttpForRequest ? ConnectPurpose.Run : _purpose;
        while (true)
        {
            if (await ReceiveAsync().ConfigureAwait(false) is RunMessage.ConnectEnded ended)
            {
                return ended.Exception switch
                {
                    null => null,
                    TransportException refused => refused,
                    _ => throw new InvalidOperationException("The upstream could not be connected.", ended.Exception),
                };
            }
        }
    }

    /// <summary>
    /// Without a connection the whole input must be sent. Where it is too large for a socket, none is opened only to find that out.
    /// </summary>
    private async Task GoByHttpIfTooLargeAsync(ResponseSettings settings)
    {
        var usable = _upstream.Transport is { Ended.IsCompleted: false, ShouldRotate: false };
        if (usable || _purpose is not ConnectPurpose.Run || _upstreamOptions.Transport is not TransportChoice.Auto)
        {
            return;
        }

        var input = await _upstream.WithFilesAsync(InputWindow.Of(WholeInput), CancellationToken.None).ConfigureAwait(false);
        var bytes = _upstream.Session.Measure(TransportKind.WebSocket, settings, input);
        if (bytes <= _upstreamOptions.MaxRequestBytes)
        {
            return;
        }

        _purpose = ConnectPurpose.HttpForRequest;
        Recorder.Record(new TransportFellBack(
            TransportKind.WebSocket, TransportKind.Http, $"the request has {bytes:N0} bytes, more than a socket may carry", Timeout: null));
    }

    private TransportKind KindTried() =>
        _purpose is ConnectPurpose.Run && _upstreamOptions.Transport is not TransportChoice.Http ? TransportKind.WebSocket : TransportKind.Http;

    private void RecordNotice(ConnectNotice notice)
    {
        switch (notice)
        {
            case ConnectNotice.Connecting connecting:
                Recorder.Record(new TransportConnecting(connecting.Kind, connecting.Endpoint.Authority));
                break;
            case ConnectNotice.Queued queued:
                Recorder.Record(new TransportQueued(queued.Ahead));
                break;
            case ConnectNotice.Connected connected:
                Recorder.Record(new TransportConnected(connected.Kind, connected.Elapsed, connected.Prepared ? true : null));
                LogConnected(Wire(connected.Kind), Summary.RunId);
                break;
            case ConnectNotice.Warmed warmed:
                RecordWarmed(warmed);
                break;
            case ConnectNotice.FellBack fellBack:
                Recorder.Record(new TransportFellBack(fellBack.From, fellBack.To, fellBack.Reason, fellBack.Timeout));
                LogFellBack(Summary.RunId, fellBack.Reason);
                break;
        }
    }

    private void RecordLost(TransportKind kind, string reason, UpstreamTimeout? clock) => Recorder.Record(new TransportLost(kind, reason, clock));

    private void RecordClosed(TransportKind kind, TransportEnd end) => Recorder.Record(new TransportClosed(
        kind,
        end.Reason switch
        {
            TransportEndReason.Closed => "closed",
            TransportEndReason.ClosedByPeer => "closed_by_peer",
            _ => "faulted",
        },
        end.CloseCode));

    private static string Wire(TransportKind kind) => kind is TransportKind.WebSocket ? "websocket" : "http";
}
