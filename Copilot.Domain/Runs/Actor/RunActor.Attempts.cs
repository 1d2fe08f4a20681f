using Copilot.Domain.Concurrency;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Failures;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Actor;

/// <summary>How a run gets one response: attempt by attempt, until one completes or <see cref="FailurePolicy"/> says that it is over.</summary>
internal sealed partial class RunActor
{
    /// <summary>Gets one response. Returns when its terminal event is committed.</summary>
    private async Task RespondAsync(ResponseSettings settings)
    {
        var backoff = Backoff.FullJitter(_upstreamOptions.RetryDelay, _upstreamOptions.MaxRetryDelay, _random);
        var waited = TimeSpan.Zero;
        _compactionTried = false;
        for (var attempt = 1; ; attempt++)
        {
            await HoldToBudgetAsync().ConfigureAwait(false);
            var outcome = await AttemptAsync(settings, backoff).ConfigureAwait(false);
            if (outcome.Fault is not { } fault)
            {
                return;
            }

            var decision = FailurePolicy.Decide(
                fault,
                new FailureContext
                {
                    Kind = outcome.Kind,
                    Choice = _upstreamOptions.Transport,
                    Attempt = attempt,
                    Continuation = outcome.Continuation,
                    Arrived = outcome.Arrived,
                    Steering = outcome.Steering,
                    MayCompact = !_compactionTried,
                    Effects = outcome.HostedToolOpen || (outcome.Approved && MayHaveBegun(fault)) ? EffectsSoFar.Unknown : EffectsSoFar.None,
                    Backoff = backoff.Next(),
                    Waited = waited,
                },
                _upstreamOptions);
            waited += await FollowAsync(decision, fault, outcome).ConfigureAwait(false);
            if (decision is FailureDecision.CompleteIncomplete)
            {
                return;
            }
        }
    }

    private async Task<AttemptOutcome> AttemptAsync(ResponseSettings settings, Backoff backoff)
    {
        await GoByHttpIfTooLargeAsync(settings).ConfigureAwait(false);
        if (await ConnectAsync().ConfigureAwait(false) is { } refused)
        {
            return new AttemptOutcome { Fault = new UpstreamFailure.Broken(refused), Kind = KindTried() };
        }

        var transport = _upstream.Transport!;
        var plan = await PlanAsync(settings).ConfigureAwait(false);
        var known = Recorder.Input.Items.Count;
        Recorder.Record(new AttemptSent(
            Recorder.Attempts + 1,
            plan.Mode,
            plan.PreviousResponseId,
            plan.InputItems,
            plan.Bytes,
            transport.Kind,
            transport.Endpoint.ToString(),
            settings.Store));
        await Recorder.Committed.ConfigureAwait(false);

        _upstream.Send(plan.Prepared, _unreadBytes, Post);
        var outcome = new AttemptOutcome { Kind = transport.Kind, Continuation = plan.Mode is SendMode.Delta };
        ResponseEvent? terminal = null;
        while (true)
        {
            switch (await ReceiveAsync().ConfigureAwait(false))
            {
                case RunMessage.Received { Event: var received }:
                    if (!received.IsTerminal || UpstreamFailure.Of(received) is null)
                    {
                        // The upstream works. An error alone says no such thing.
                        backoff.Reset();
                    }

                    terminal = IsSuccessor(received, terminal) ? null : terminal;
                    Recorder.RecordUpstream(received);
                    RecordCost(received, settings.Model);
                    outcome = outcome with { Arrived = true };
                    terminal = received.IsTerminal && !IsAfterItsEnd(received, terminal) ? received : terminal;
                    await NoteSteeringAsync(received).ConfigureAwait(false);
                    break;
                case RunMessage.StreamEnded ended:
                    outcome = outcome with { Fault = FaultOf(ended.Exception, terminal), HostedToolOpen = Recorder.Input.HasUnfinishedHostedCall, Approved = Recorder.Input.HasSentApproval, Steering = _unanswered is not null };
                    EndSteering();
                    if (outcome.Fault is null && terminal is ResponseLifecycleEvent { Response: var response })
                    {
                        _upstream.Session.Completed(response.Id, [.. Recorder.Input.Items.Skip(known)]);
                        LogResponse(
                            response.Id, Summary.RunId, response.Usage?.InputTokens ?? 0, response.Usage?.CachedTokens ?? 0, response.Usage?.OutputTokens ?? 0);
                    }
                    else
                    {
                        _upstream.Session.Failed();
                    }

                    await Recorder.Committed.ConfigureAwait(false);
                    return outcome;
            }
        }
    }

    /// <summary>
    /// An error behind a response that ended well, while the answer to words for it was still awaited: it says something of the
    /// connection or the words, and takes nothing of the response back.
    /// </summary>
    private static bool IsAfterItsEnd(ResponseEvent received, ResponseEvent? terminal) =>
        received is ResponseErrorEvent
        && terminal is ResponseLifecycleEvent { Response.Status: ResponseStatus.Completed or ResponseStatus.Incomplete };

    /// <summary>True when the upstream may have begun with a request of which nothing was seen. What it refused, it has not begun.</summary>
    private static bool MayHaveBegun(UpstreamFailure fault) =>
        fault is UpstreamFailure.Broken { Error: { MayHaveBeenSent: true, Failure: not TransportFailure.Refused } };

    private static UpstreamFailure? FaultOf(Exception? exception, ResponseEvent? terminal) => exception switch
    {
        TransportException broken => new UpstreamFailure.Broken(broken),
        null when terminal is not null => UpstreamFailure.Of(terminal),
        null => new UpstreamFailure.ReportedError(new ResponseError { Code = "upstream_protocol", Message = "The upstream ended the response without saying how." }),
        _ => throw new InvalidOperationException("The response could not be read.", exception),
    };

    /// <summary>Does what was decided; gives how long it waited.</summary>
    private async Task<TimeSpan> FollowAsync(FailureDecision decision, UpstreamFailure fault, AttemptOutcome outcome)
    {
        switch (decision)
        {
            case FailureDecision.CompleteIncomplete:
                return TimeSpan.Zero;
            case FailureDecision.EndRun end:
                LogAttemptFailed(Summary.RunId, decision.Rule, end.Message);
                await DropAsync(fault, decision, fellBack: false).ConfigureAwait(false);
                throw new RunEndingException(new RunEnd.Failed(new RunError(end.Code, end.Message, end.Advice)));
        }

        LogAttemptFailed(Summary.RunId, decision.Rule, decision.Reason);
        if (outcome.Arrived || decision.MayBeBilledTwice)
        {
            Recorder.Record(new AttemptSuperseded(Recorder.ResponseId, decision.Reason, decision.MayBeBilledTwice, decision.Timeout));
        }

        _compactNext = decision as FailureDecision.CompactAndResend;
        _purpose = decision switch
        {
            FailureDecision.UseHttpForThisRequest => ConnectPurpose.HttpForRequest,
            FailureDecision.UseHttpForThisRun => ConnectPurpose.HttpForRun,
            _ => _purpose,
        };
        var delay = decision switch
        {
            FailureDecision.ReconnectAndResendFull reconnect => reconnect.Delay,
            FailureDecision.WaitAndRetry wait => wait.Delay,
            _ => TimeSpan.Zero,
        };
        if (decision is not (FailureDecision.ResendFullSameSocket or FailureDecision.WaitAndRetry or FailureDecision.CompactAndResend) || fault is UpstreamFailure.Broken)
        {
            await DropAsync(fault, decision, _purpose is not ConnectPurpose.Run).ConfigureAwait(false);
        }

        Recorder.Record(new AttemptRetryScheduled(delay, decision.Reason, decision.Rule, decision.Timeout));
        await WaitAsync(delay).ConfigureAwait(false);
        return delay;
    }

    /// <summary>Lets go of a transport that is of no more use, and says why.</summary>
    private async Task DropAsync(UpstreamFailure fault, FailureDecision decision, bool fellBack)
    {
        if (await _upstream.DropAsync().ConfigureAwait(false) is not { } dropped)
        {
            return;
        }

        if (fault is UpstreamFailure.Broken)
        {
            RecordLost(dropped.Kind, decision.Reason, decision.Timeout);
        }
        else
        {
            RecordClosed(dropped.Kind, dropped.End);
        }

        if (fellBack && dropped.Kind is TransportKind.WebSocket)
        {
            Recorder.Record(new TransportFellBack(TransportKind.WebSocket, TransportKind.Http, decision.Reason, decision.Timeout));
        }
    }

    /// <summary>Waits, but not for longer than a person wants: stopping ends the run, trying now ends the wait.</summary>
    private async Task WaitAsync(TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            return;
        }

        var over = new RunMessage.WaitOver();
        await using var timer = _time.CreateTimer(_ => Post(over), null, delay, Timeout.InfiniteTimeSpan);
        while (true)
        {
            switch (await ReceiveAsync().ConfigureAwait(false))
            {
                case RunMessage.WaitOver waited when ReferenceEquals(waited, over):
                case RunMessage.Commanded { Command: RunCommand.RetryNow }:
                    return;
            }
        }
    }

    /// <summary>How one attempt went.</summary>
    private sealed record AttemptOutcome
    {
        /// <summary>Null when the response completed.</summary>
        public UpstreamFailure? Fault { get; init; }

        public required TransportKind Kind { get; init; }

        public bool Continuation { get; init; }

        /// <summary>True when any event had come.</summary>
        public bool Arrived { get; init; }

        public bool HostedToolOpen { get; init; }

        /// <summary>True when the request let an MCP server's call go ahead and nothing has said since what became of it.</summary>
        public bool Approved { get; init; }

        /// <summary>True when words for the response had no answer yet.</summary>
        public bool Steering { get; init; }
    }
}
