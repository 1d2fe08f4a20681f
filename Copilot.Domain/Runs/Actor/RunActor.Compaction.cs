using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Failures;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Runs.Actor;

/// <summary>
/// A conversation that would not fit is compacted before it is sent whole: once per response, and from then on the run, what follows it
/// and a restart begin with what the upstream made of it.
/// </summary>
internal sealed partial class RunActor
{
    /// <summary>A token of text is about four bytes; of the rest it is less, so that this errs towards too many. Files are not counted.</summary>
    private const int BytesPerToken = 4;

    /// <summary>What has to stay free for the answer: a tenth.</summary>
    private const double Usable = 0.9;

    private bool _compactionTried;
    private FailureDecision.CompactAndResend? _compactNext;

    private IReadOnlyList<InputItem> WholeInput => Recorder.Input.IsWhole ? Recorder.Input.Items : [.. _ancestors, .. Recorder.Input.Items];

    /// <summary>The next request, compacted where it must be or would not fit.</summary>
    private async Task<ResponsePlan> PlanAsync(ResponseSettings settings)
    {
        if (_compactNext is { } tooLong)
        {
            _compactNext = null;
            if (!await CompactAsync(settings, "The conversation is too long for the model.").ConfigureAwait(false))
            {
                throw new RunEndingException(new RunEnd.Failed(new RunError(
                    tooLong.Otherwise.Code, tooLong.Otherwise.Message, tooLong.Otherwise.Advice)));
            }
        }

        DeliverPendingSteers();
        var plan = await _upstream.PlanAsync(settings, WholeInput).ConfigureAwait(false);
        if (plan.Mode is SendMode.Delta || Fits(plan) || _compactionTried
            || !await CompactAsync(settings, "The whole conversation would not fit.").ConfigureAwait(false))
        {
            return plan;
        }

        DeliverPendingSteers();
        return await _upstream.PlanAsync(settings, WholeInput).ConfigureAwait(false);
    }

    private bool Fits(ResponsePlan plan)
    {
        if (_upstreamOptions.ContextTokens is not { } window)
        {
            return true;
        }

        var input = Recorder.Input;
        var tokens = input.Measured is { } known
            ? known.Tokens + (input.Items.Skip(known.Items).Sum(item => (long)item.Json.Length) / BytesPerToken)
            : plan.Request.Input.Sum(item => (long)item.Json.Length) / BytesPerToken;
        return tokens <= window * Usable;
    }

    /// <summary>Replaces the conversation, but for what people said last. False when that failed or there is nothing to win.</summary>
    private async Task<bool> CompactAsync(ResponseSettings settings, string reason)
    {
        _compactionTried = true;
        var whole = WholeInput;
        var kept = Math.Min(InputWindow.TrailingMessages(whole), Recorder.Input.Items.Count);
        var input = await _upstream
            .WithFilesAsync(InputWindow.Of([.. whole.Take(whole.Count - kept)]), CancellationToken.None).ConfigureAwait(false);
        if (input.Count == 0)
        {
            return false;
        }

        Recorder.Record(new CompactionStarted(reason, input.Count, input.Sum(item => item.Length)));
        await Recorder.Committed.ConfigureAwait(false);
        _upstream.Compact(settings, input, Post);
        while (true)
        {
            if (await ReceiveAsync().ConfigureAwait(false) is RunMessage.CompactionEnded ended)
            {
                return await RecordCompactionAsync(ended, kept, settings.Model).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> RecordCompactionAsync(RunMessage.CompactionEnded ended, int kept, string model)
    {
        if (ended.Compacted is { } compacted)
        {
            Recorder.Record(new CompactionCompleted([.. compacted.Items.Select(item => new JsonBytes(item.Json))], kept, compacted.Usage));
            if (compacted.Usage is { } usage)
            {
                RecordCost(CostSubject.Compaction, responseId: null, model: null, model, usage);
            }
        }
        else
        {
            var why = ended.Exception is TransportException told ? told.Message : "The conversation could not be compacted.";
            LogCompactionFailed(ended.Exception, Summary.RunId);
            Recorder.Record(new CompactionFailed(why));
        }

        // The request that begins with it is sent only when it is kept.
        await Recorder.Committed.ConfigureAwait(false);
        return ended.Compacted is not null;
    }

    [LoggerMessage(LogLevel.Warning, "The conversation of run {RunId} could not be compacted")]
    private partial void LogCompactionFailed(Exception? exception, string runId);
}
