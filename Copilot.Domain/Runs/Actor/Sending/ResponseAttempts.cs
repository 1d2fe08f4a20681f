using System.Diagnostics;
using Copilot.Domain.Concurrency;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Failures;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Responses.Transports;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Runs.Summaries.Supervision;
using Copilot.Domain.Telemetry;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Runs.Actor.Sending;

/// <summary>How a run gets one response: attempt by attempt, until one completes or <see cref="FailurePolicy"/> says that it is over.</summary>
internal sealed partial class ResponseAttempts(
    RunRecorder recorder,
    RunUpstream upstream,
    IRunMailbox mailbox,
    RunConnection connection,
    Compaction compaction,
    Steering steering,
    RunHold hold,
    BudgetGuard budget,
    RunCosts costs,
    RunConversation conversation,
    RequestExtras extras,
    AttemptRecovery recovery,
    Random random,
    UpstreamOptions options,
    ILogger logger)
{
    private const string NotRepeated = "What the model provider had under way is not repeated.";

    private int _firstEventFactor = 1;
    private ResponseSettings? _left;

    /// <summary>Gets one response. Returns when its terminal event is recorded; it is committed before anything is done about it.</summary>
    public async Task RespondAsync(ResponseSettings settings)
    {
        var backoff = Backoff.FullJitter(options.RetryDelay, options.MaxRetryDelay, random);
        var waited = TimeSpan.Zero;
        var losses = 0;
        var garbled = 0;
        _firstEventFactor = 1;
        compaction.Begin();
        for (var attempt = 1; ; attempt++)
        {
            await hold.WaitAsync().ConfigureAwait(false);
            await budget.HoldAsync().ConfigureAwait(false);
            var outcome = await AttemptAsync(settings).ConfigureAwait(false);
            if (outcome.Dropped)
            {
                attempt--;
                continue;
            }

            if (outcome.Fault is not { } fault)
            {
                return;
            }

            losses += fault is UpstreamFailure.Broken { Error.Failure: TransportFailure.Lost or TransportFailure.KeepAliveTimeout } ? 1 : 0;
            garbled += fault is UpstreamFailure.Broken { Error.Failure: TransportFailure.Protocol } ? 1 : 0;
            var decision = FailurePolicy.Decide(
                fault,
                new FailureContext
                {
                    Kind = outcome.Kind,
                    Choice = options.Transport,
                    Attempt = attempt,
                    Losses = losses,
                    Garbled = garbled,
                    Continuation = outcome.Continuation,
                    Arrived = outcome.Arrived,
                    Steering = outcome.Steering,
                    MayCompact = !compaction.WasTried,
                    Input = outcome.Input,
                    HasReasoning = conversation.Whole.Any(item => InputWindow.TypeOf(item) == "reasoning"),
                    Extras = outcome.Settings is { } sent ? RequestExtras.In(sent) : [],
                    SocketsWorked = connection.SocketsWorked,
                    HttpIsMissing = connection.HttpIsMissing,
                    Address = outcome.Endpoint?.ToString(),
                    Effects = outcome.HostedToolOpen || (outcome.Approved && MayHaveBegun(fault)) ? EffectsSoFar.Unknown : EffectsSoFar.None,
                    Backoff = backoff.Next(),
                    Waited = waited,
                },
                options);
            if (fault is UpstreamFailure.Broken { Error.Failure: TransportFailure.FirstEventTimeout })
            {
                // The same request would meet the same silence: what changes is how long it may last.
                _firstEventFactor *= 2;
            }

            waited += await recovery.FollowAsync(decision, fault, outcome, settings.Model).ConfigureAwait(false);
            if (decision is FailureDecision.CompleteIncomplete)
            {
                return;
            }
        }
    }

    private async Task<AttemptOutcome> AttemptAsync(ResponseSettings wanted)
    {
        IResponsesTransport transport;
        ResponseSettings settings;
        ResponsePlan plan;
        do
        {
            await compaction.CompactIfRequiredAsync(_left ?? wanted).ConfigureAwait(false);
            await connection.UseHttpIfTooLargeAsync(wanted).ConfigureAwait(false);
            if (await connection.OpenAsync().ConfigureAwait(false) is { } refused)
            {
                return new AttemptOutcome { Fault = new UpstreamFailure.Broken(refused), Kind = connection.KindTried };
            }

            transport = upstream.Transport!;
            settings = _left = extras.Without(transport.Endpoint.ToString(), wanted, _left);
            plan = await compaction.PlanAsync(settings).ConfigureAwait(false);
        }
        while (await hold.WaitAsync().ConfigureAwait(false));

        plan.Prepared.FirstEventFactor = _firstEventFactor;
        var whole = conversation.Whole;
        var known = recorder.Input.Items.Count;
        IReadOnlyList<InputItem> input = [.. whole.Skip(Math.Max(0, whole.Count - plan.InputItems))];
        recorder.Trace?.Sends(recorder.Trace.CapturesContent ? input : []);
        recorder.Record(new AttemptSent(
            recorder.Attempts + 1,
            plan.Mode,
            plan.PreviousResponseId,
            plan.InputItems,
            plan.Bytes,
            transport.Kind,
            transport.Endpoint.ToString(),
            settings.Store));
        await recorder.CommitAsync().ConfigureAwait(false);

        using (AmbientActivity.Enter(recorder.Trace?.Current ?? Activity.Current))
        {
            upstream.Send(plan.Prepared, mailbox.Post);
        }

        var outcome = new AttemptOutcome
        {
            Kind = transport.Kind,
            Continuation = plan.Mode is SendMode.Delta,
            Endpoint = transport.Endpoint,
            Settings = settings,
            Input = input,
        };
        ResponseEvent? terminal = null;
        (TransportKind Kind, TransportEnd End)? aborted = null;
        Intervention? drop = null;
        hold.IsResponding = true;
        while (true)
        {
            switch (await mailbox.ReceiveAsync().ConfigureAwait(false))
            {
                case RunMessage.Received { Event: var received }:
                    terminal = steering.IsSuccessor(received, terminal) ? null : terminal;
                    recorder.RecordUpstream(received);
                    costs.RecordResponse(received, settings.Model);
                    outcome = outcome.Arrived ? outcome : outcome with { Arrived = true };
                    connection.SocketsWorked |= transport.Kind is TransportKind.WebSocket;
                    terminal = received.IsTerminal && !IsAfterItsEnd(received, terminal) ? received : terminal;
                    await steering.ReadAsync(received).ConfigureAwait(false);
                    break;
                case RunMessage.Asked { Command: RunCommand.TakeOver or RunCommand.RetryStep } when drop is null:
                    drop = recorder.Summary.LatestIntervention;
                    hold.IsResponding = false;
                    aborted = await recorder.Meanwhile(upstream.AbortAsync()).ConfigureAwait(false);
                    break;
                case RunMessage.StreamEnded when drop is not null && !HasEndedWell(terminal):
                    await RecordDroppedAsync(drop, aborted).ConfigureAwait(false);
                    return outcome with { Dropped = true };
                case RunMessage.StreamEnded ended:
                    hold.IsResponding = false;
                    outcome = outcome with
                    {
                        Fault = FaultOf(drop is null ? ended.Exception : null, terminal),
                        HostedToolOpen = recorder.Input.HasUnfinishedHostedCall,
                        Approved = recorder.Input.HasSentApproval,
                        Steering = steering.IsUnanswered,
                    };
                    steering.EndStream();
                    if (outcome.Fault is null && terminal is ResponseLifecycleEvent { Response: var response })
                    {
                        if (response.Id.Length == 0 || recorder.Input.HasOwnCallIds)
                        {
                            // Nothing can be continued that has no name, or that knows its calls by other ones.
                            upstream.Session.Failed();
                        }
                        else
                        {
                            upstream.Session.Completed(response.Id, [.. recorder.Input.Items.Skip(known)]);
                        }

                        LogResponse(
                            response.Id, recorder.Summary.RunId, response.Usage?.InputTokens ?? 0, response.Usage?.CachedTokens ?? 0, response.Usage?.OutputTokens ?? 0);
                    }
                    else
                    {
                        upstream.Session.Failed();
                    }

                    if (aborted is { } closed)
                    {
                        connection.RecordClosed(closed.Kind, closed.End);
                    }

                    return outcome;
            }
        }
    }

    /// <summary>A person had the response dropped. What it had under way at the upstream has an unknown outcome, and the model is told so.</summary>
    private async Task RecordDroppedAsync(Intervention drop, (TransportKind Kind, TransportEnd End)? aborted)
    {
        var reason = drop.Type == RunEventTypes.SupervisorRetried ? "a person asked for the response again" : "a person took over";
        steering.EndStream();
        upstream.Session.Failed();
        var unknown = recorder.Input.UnknownCalls;
        recorder.RecordTogether(() =>
        {
            recorder.Record(new AttemptSuperseded(recorder.ResponseId, reason, MayBeBilledTwice: true, Timeout: null));
            if (unknown.Count > 0)
            {
                recorder.Record(new RunResumed(NotRepeated, unknown));
            }

            if (aborted is { } transport)
            {
                connection.RecordClosed(transport.Kind, transport.End);
            }
        });
        await recorder.CommitAsync().ConfigureAwait(false);
    }

    private static bool HasEndedWell(ResponseEvent? terminal) =>
        terminal is ResponseLifecycleEvent { Response.Status: ResponseStatus.Completed or ResponseStatus.Incomplete };

    /// <summary>
    /// An error behind a response that ended well, while the answer to words for it was still awaited: it says something of the
    /// connection or the words, and takes nothing of the response back.
    /// </summary>
    private static bool IsAfterItsEnd(ResponseEvent received, ResponseEvent? terminal) =>
        received is ResponseErrorEvent && HasEndedWell(terminal);

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

    [LoggerMessage(LogLevel.Information, "Response {ResponseId} of run {RunId} completed: {InputTokens} tokens in ({CachedTokens} cached), {OutputTokens} out")]
    private partial void LogResponse(string responseId, string runId, long inputTokens, long cachedTokens, long outputTokens);
}
