using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Failures;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Runs.Actor.Sending;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Runs.Actor;

/// <summary>
/// A conversation that would not fit is compacted before it is sent whole: once per response, and from then on the run, what follows it
/// and a restart begin with what the upstream made of it.
/// </summary>
internal sealed partial class Compaction(
    RunRecorder recorder,
    RunUpstream upstream,
    IRunMailbox mailbox,
    RunConversation conversation,
    Steering steering,
    RunCosts costs,
    UpstreamOptions options,
    ILogger logger)
{
    /// <summary>A token of text is about four bytes; of the rest it is less, so that this errs towards too many. Files are not counted.</summary>
    private const int BytesPerToken = 4;

    private FailureDecision.CompactAndResend? _required;

    /// <summary>True once it was tried for the response at hand, with or without success.</summary>
    public bool WasTried { get; private set; }

    /// <summary>A new response is begun: one compaction may be tried for it.</summary>
    public void Begin() => WasTried = false;

    /// <summary>Notes whether the next request must be compacted: what failed says so, or null.</summary>
    public void Require(FailureDecision.CompactAndResend? decision) => _required = decision;

    /// <summary>Compacts where what failed requires it. Before anything is connected: it goes over HTTP, and may end the run.</summary>
    /// <exception cref="RunEndingException">It could not be done.</exception>
    public async Task CompactIfRequiredAsync(ResponseSettings settings)
    {
        if (_required is { } tooLong)
        {
            _required = null;
            if (!await CompactAsync(settings, "The conversation is too long for the model.").ConfigureAwait(false))
            {
                throw new RunEndingException(new RunEnd.Failed(new RunError(
                    tooLong.Otherwise.Code, tooLong.Otherwise.Message, tooLong.Otherwise.Advice)));
            }
        }
    }

    /// <summary>The next request, compacted where it would not fit.</summary>
    public async Task<ResponsePlan> PlanAsync(ResponseSettings settings)
    {
        steering.DeliverPending();
        var plan = await recorder.Meanwhile(upstream.PlanAsync(settings, conversation.Whole)).ConfigureAwait(false);
        if (plan.Mode is SendMode.Delta || Fits(plan) || WasTried
            || !await CompactAsync(settings, "The whole conversation would not fit.").ConfigureAwait(false))
        {
            return plan;
        }

        steering.DeliverPending();
        return await recorder.Meanwhile(upstream.PlanAsync(settings, conversation.Whole)).ConfigureAwait(false);
    }

    private bool Fits(ResponsePlan plan)
    {
        if (options.ContextTokens is not { } window)
        {
            return true;
        }

        var input = recorder.Input;
        var tokens = input.Measured is { } known
            ? known.Tokens + (input.Items.Skip(known.Items).Sum(item => (long)item.Json.Length) / BytesPerToken)
            : plan.Request.Input.Sum(item => (long)item.Json.Length) / BytesPerToken;
        return tokens <= window * ContextWindows.Usable;
    }

    /// <summary>Replaces the conversation, but for what people said last. False when that failed or there is nothing to win.</summary>
    private async Task<bool> CompactAsync(ResponseSettings settings, string reason)
    {
        WasTried = true;
        var whole = conversation.Whole;
        var kept = Math.Min(InputWindow.TrailingMessages(whole), recorder.Input.Items.Count);
        var input = await recorder.Meanwhile(
            upstream.WithFilesAsync(InputWindow.Of([.. whole.Take(whole.Count - kept)]), CancellationToken.None)).ConfigureAwait(false);
        if (input.Count == 0)
        {
            return false;
        }

        recorder.Record(new CompactionStarted(reason, input.Count, input.Sum(item => item.Length)));
        await recorder.CommitAsync().ConfigureAwait(false);
        upstream.Compact(settings, input, mailbox.Post);
        while (true)
        {
            if (await mailbox.ReceiveAsync().ConfigureAwait(false) is RunMessage.CompactionEnded ended)
            {
                return await RecordAsync(ended, kept, settings.Model).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> RecordAsync(RunMessage.CompactionEnded ended, int kept, string model)
    {
        if (ended.Compacted is { } compacted)
        {
            recorder.Record(new CompactionCompleted([.. compacted.Items.Select(item => new JsonBytes(item.Json))], kept, compacted.Usage));
            if (compacted.Usage is { } usage)
            {
                costs.Record(CostSubject.Compaction, responseId: null, model: null, model, usage);
            }
        }
        else
        {
            var why = ended.Exception is TransportException told ? told.Message : "The conversation could not be compacted.";
            LogCompactionFailed(ended.Exception, recorder.Summary.RunId);
            recorder.Record(new CompactionFailed(why));
        }

        // The request that begins with it is sent only when it is saved.
        await recorder.CommitAsync().ConfigureAwait(false);
        return ended.Compacted is not null;
    }

    [LoggerMessage(LogLevel.Warning, "The conversation of run {RunId} could not be compacted")]
    private partial void LogCompactionFailed(Exception? exception, string runId);
}
