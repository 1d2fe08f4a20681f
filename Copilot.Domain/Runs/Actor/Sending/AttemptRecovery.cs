using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Responses.Failures;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Transports;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Runs.Actor.Sending;

/// <summary>What is done about an attempt that failed, once <see cref="FailurePolicy"/> has decided: the run ends, or it is recorded why and how the next attempt differs, and waited for.</summary>
internal sealed partial class AttemptRecovery(
    RunRecorder recorder,
    RunUpstream upstream,
    IRunMailbox mailbox,
    RunConnection connection,
    Compaction compaction,
    RunHold hold,
    RequestExtras extras,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>Does what was decided; gives how long it waited.</summary>
    /// <exception cref="RunEndingException">It was decided that the run is over.</exception>
    public async Task<TimeSpan> FollowAsync(FailureDecision decision, UpstreamFailure fault, AttemptOutcome outcome, string model)
    {
        switch (decision)
        {
            case FailureDecision.CompleteIncomplete:
                return TimeSpan.Zero;
            case FailureDecision.EndRun end:
                // The reason and not the message: that has the upstream's words, which may quote the prompt.
                LogAttemptFailed(recorder.Summary.RunId, decision.Rule, decision.Reason);
                if (await recorder.Meanwhile(upstream.DisconnectAsync()).ConfigureAwait(false) is { } last)
                {
                    connection.RecordDropped(last.Kind, last.End, fault, decision, fellBack: false);
                }

                throw new RunEndingException(new RunEnd.Failed(new RunError(end.Code, end.Message, end.Advice)));
        }

        LogAttemptFailed(recorder.Summary.RunId, decision.Rule, decision.Reason);
        compaction.Require(decision as FailureDecision.CompactAndResend);
        var byHttp = connection.Follow(decision);
        var delay = decision switch
        {
            FailureDecision.ReconnectAndResendFull reconnect => reconnect.Delay,
            FailureDecision.WaitAndRetry wait => wait.Delay,
            FailureDecision.ReturnToSocket socket => socket.Delay,
            _ => TimeSpan.Zero,
        };
        if (decision is FailureDecision.ResendWithout without)
        {
            extras.Refuse(outcome.Endpoint!.ToString(), model, without.Extra);
        }

        // A socket that has reported an error may be deaf from then on, and a new one costs less than to find out.
        var dropped = outcome.Kind is TransportKind.WebSocket || fault is UpstreamFailure.Broken
            ? await recorder.Meanwhile(upstream.DisconnectAsync()).ConfigureAwait(false)
            : null;
        recorder.RecordTogether(() =>
        {
            if (outcome.Arrived || decision.MayBeBilledTwice)
            {
                recorder.Record(new AttemptSuperseded(recorder.ResponseId, decision.Reason, decision.MayBeBilledTwice, decision.Timeout));
            }

            RecordOmitted(decision);
            if (dropped is { } transport)
            {
                connection.RecordDropped(transport.Kind, transport.End, fault, decision, fellBack: byHttp);
            }

            recorder.Record(new AttemptRetryScheduled(delay, decision.Reason, decision.Rule, decision.Timeout));
        });
        await WaitAsync(delay).ConfigureAwait(false);
        return delay;
    }

    /// <summary>Records what goes upstream no more, because the upstream has refused it.</summary>
    private void RecordOmitted(FailureDecision decision)
    {
        switch (decision)
        {
            case FailureDecision.OmitAndResend { ItemType: { } type }:
                recorder.Record(new InputOmitted(InputOmitted.Items, type, FileId: null));
                break;
            case FailureDecision.OmitAndResend { Files: var files }:
                foreach (var file in files)
                {
                    recorder.Record(new InputOmitted(InputOmitted.File, ItemType: null, file.Id));
                }

                break;
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
        await using var timer = time.CreateTimer(_ => mailbox.Post(over), null, delay, Timeout.InfiniteTimeSpan);
        hold.IsResponding = true;
        while (true)
        {
            switch (await mailbox.ReceiveAsync().ConfigureAwait(false))
            {
                case RunMessage.WaitOver waited when ReferenceEquals(waited, over):
                    hold.IsResponding = false;
                    return;
                case RunMessage.Drain:
                    hold.EndIfDraining();
                    break;
                case RunMessage.Asked { Command: RunCommand.RetryNow or RunCommand.RetryStep } asked:
                    hold.IsResponding = false;
                    asked.Reply(new CommandOutcome.Accepted());
                    return;
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "An attempt of run {RunId} failed ({Row}): {Reason}")]
    private partial void LogAttemptFailed(string runId, string row, string reason);
}
