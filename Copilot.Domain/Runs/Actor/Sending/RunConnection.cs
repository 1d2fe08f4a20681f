using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Failures;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Transports;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Runs.Actor.Sending;

/// <summary>A run's connection: how it gets one, when it goes by HTTP from the start, and what the log says of it.</summary>
internal sealed partial class RunConnection(
    RunRecorder recorder,
    RunUpstream upstream,
    IRunMailbox mailbox,
    RunConversation conversation,
    RunCosts costs,
    string model,
    UpstreamOptions options,
    ILogger logger)
{
    private ConnectPurpose _purpose = ConnectPurpose.Run;

    /// <summary>True once a socket has carried an event in this run.</summary>
    public bool SocketsWorked { get; set; }

    /// <summary>True once the upstream has said that it has no HTTP endpoint.</summary>
    public bool HttpIsMissing { get; private set; }

    /// <summary>The kind of transport that the next connection tries first.</summary>
    public TransportKind KindTried =>
        _purpose is ConnectPurpose.Run or ConnectPurpose.SocketForRun && options.Transport is not TransportChoice.Http ? TransportKind.WebSocket : TransportKind.Http;

    /// <summary>Makes sure that a transport is open, or says why there is none.</summary>
    public async Task<TransportException?> OpenAsync()
    {
        if (upstream.Transport is { Ended.IsCompleted: true } lost)
        {
            var ended = await lost.Ended.ConfigureAwait(false);
            await recorder.Meanwhile(upstream.DisconnectAsync()).ConfigureAwait(false);
            RecordLost(lost.Kind, ended.Detail ?? "The upstream closed the connection.", ended.Timeout);
        }
        else if (upstream.Transport is { ShouldRotate: true } && await recorder.Meanwhile(upstream.DisconnectAsync()).ConfigureAwait(false) is { } rotated)
        {
            RecordClosed(rotated.Kind, rotated.End);
        }

        if (upstream.Transport is not null)
        {
            return null;
        }

        upstream.Connect(_purpose, mailbox.Post);
        _purpose = _purpose is ConnectPurpose.HttpForRequest ? ConnectPurpose.Run : _purpose;
        while (true)
        {
            if (await mailbox.ReceiveAsync().ConfigureAwait(false) is RunMessage.ConnectEnded ended)
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
    public async Task UseHttpIfTooLargeAsync(ResponseSettings settings)
    {
        var usable = upstream.Transport is { Ended.IsCompleted: false, ShouldRotate: false };
        if (usable || _purpose is not ConnectPurpose.Run || options.Transport is not TransportChoice.Auto)
        {
            return;
        }

        var input = await recorder.Meanwhile(upstream.WithFilesAsync(InputWindow.Of(conversation.Whole), CancellationToken.None)).ConfigureAwait(false);
        var bytes = upstream.Session.Measure(TransportKind.WebSocket, settings, input);
        if (bytes <= options.MaxRequestBytes)
        {
            return;
        }

        _purpose = ConnectPurpose.HttpForRequest;
        recorder.Record(new TransportFellBack(
            TransportKind.WebSocket, TransportKind.Http, $"the request has {bytes:N0} bytes, more than a socket may carry", Timeout: null));
    }

    /// <summary>Goes by what was decided after a failure: by which transport the next connection is made.</summary>
    /// <returns>True when it is HTTP.</returns>
    public bool Follow(FailureDecision decision)
    {
        _purpose = decision switch
        {
            FailureDecision.UseHttpForThisRequest => ConnectPurpose.HttpForRequest,
            FailureDecision.UseHttpForThisRun => ConnectPurpose.HttpForRun,
            FailureDecision.ReturnToSocket => ConnectPurpose.SocketForRun,
            _ => _purpose,
        };
        HttpIsMissing |= decision is FailureDecision.ReturnToSocket;
        return _purpose is ConnectPurpose.HttpForRequest or ConnectPurpose.HttpForRun;
    }

    /// <summary>Records that a transport of no more use was let go, and why.</summary>
    public void RecordDropped(TransportKind kind, TransportEnd end, UpstreamFailure fault, FailureDecision decision, bool fellBack)
    {
        if (fault is UpstreamFailure.Broken)
        {
            RecordLost(kind, decision.Reason, decision.Timeout);
        }
        else
        {
            RecordClosed(kind, end);
        }

        if (fellBack && kind is TransportKind.WebSocket)
        {
            recorder.Record(new TransportFellBack(TransportKind.WebSocket, TransportKind.Http, decision.Reason, decision.Timeout));
        }
    }

    /// <summary>Records a step of connecting.</summary>
    public void RecordNotice(ConnectNotice notice)
    {
        switch (notice)
        {
            case ConnectNotice.Connecting connecting:
                recorder.Record(new TransportConnecting(connecting.Kind, connecting.Endpoint.Authority));
                break;
            case ConnectNotice.Queued queued:
                recorder.Record(new TransportQueued(queued.Ahead));
                break;
            case ConnectNotice.Connected connected:
                recorder.Record(new TransportConnected(connected.Kind, connected.Elapsed, connected.Prepared ? true : null));
                LogConnected(Wire(connected.Kind), recorder.Summary.RunId);
                break;
            case ConnectNotice.Warmed warmed:
                RecordWarmed(warmed);
                break;
            case ConnectNotice.FellBack fellBack:
                recorder.Record(new TransportFellBack(fellBack.From, fellBack.To, fellBack.Reason, fellBack.Timeout));
                LogFellBack(recorder.Summary.RunId, fellBack.Reason);
                break;
        }
    }

    private void RecordWarmed(ConnectNotice.Warmed warmed)
    {
        recorder.Record(new TransportWarmed(warmed.ResponseId, warmed.InputItems, warmed.Bytes, warmed.Usage));
        if (warmed.Usage != default)
        {
            costs.Record(CostSubject.WarmUp, warmed.ResponseId, model: null, model, warmed.Usage);
        }
    }

    private void RecordLost(TransportKind kind, string reason, UpstreamTimeout? clock) => recorder.Record(new TransportLost(kind, reason, clock));

    /// <summary>Records that a transport was closed, and how.</summary>
    public void RecordClosed(TransportKind kind, TransportEnd end) => recorder.Record(new TransportClosed(
        kind,
        end.Reason switch
        {
            TransportEndReason.Closed => "closed",
            TransportEndReason.ClosedByPeer => "closed_by_peer",
            _ => "faulted",
        },
        end.CloseCode));

    private static string Wire(TransportKind kind) => kind is TransportKind.WebSocket ? "websocket" : "http";

    [LoggerMessage(LogLevel.Information, "Run {RunId} connected by {Transport}")]
    private partial void LogConnected(string transport, string runId);

    [LoggerMessage(LogLevel.Information, "Run {RunId} fell back to HTTP: {Reason}")]
    private partial void LogFellBack(string runId, string reason);
}
