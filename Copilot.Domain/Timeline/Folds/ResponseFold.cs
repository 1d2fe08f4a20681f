using System.Text.Json;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline.Folds;

/// <summary>
/// Folds upstream events. Sparse streams are as good as full ones: an item begins with whichever of its events comes first, the
/// whole text of a done event wins over the deltas, and the terminal response fills in what never came.
/// </summary>
internal static class ResponseFold
{
    /// <summary>The state after an upstream event.</summary>
    public static TimelineState Apply(TimelineState state, RunEvent e)
    {
        switch (Parsed(e))
        {
            case ResponseLifecycleEvent lifecycle:
                return Lifecycle(state, e, lifecycle);

            case ResponseErrorEvent error:
                return Failed(state, e, error.Error);

            case OutputItemEvent or PartEvent or TextDeltaEvent or TextDoneEvent or AnnotationEvent or ItemProgressEvent:
                var attempt = Attempt(ref state, e, e.ResponseId, ending: false);
                return OutputFold.Apply(Begin(state, e, attempt), e, attempt);

            case SteerEvent:
                // The run's own steer events say what became of the words.
                return state;

            default:
                return state.AddRaw(e);
        }
    }

    private static ResponseEvent? Parsed(RunEvent e)
    {
        try
        {
            return e.Upstream;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            // Not an event at all: shown raw.
            return null;
        }
    }

    /// <summary>
    /// The attempt an event belongs to: that of its response id, else the newest one, else one of its own where no
    /// <c>attempt.sent</c> was seen.
    /// </summary>
    private static int Attempt(ref TimelineState state, RunEvent e, string? responseId, bool ending)
    {
        if (responseId is not null && state.Index.Responses.TryGetValue(responseId, out var known))
        {
            return known;
        }

        var newest = state.Index.Attempt < 0 ? null : (AttemptItem)state.Items[state.Index.Attempt];
        if (newest is not null && responseId is null)
        {
            return newest.Ordinal;
        }

        if (newest is null || newest.ResponseId.IsSet || (!newest.IsOpen && !ending))
        {
            var ordinal = state.Items.Count;
            newest = new AttemptItem { Ordinal = ordinal, FromSeq = e.Seq, At = e.At, Attempt = ordinal, Number = 0 };
            state = state.Add(newest) with { Index = state.Index with { Attempt = ordinal } };
        }

        if (responseId is not null)
        {
            state = state.Replace(e.Mark(), newest with { ResponseId = newest.ResponseId.Set(e.Mark(), responseId) }) with
            {
                Index = state.Index with { Responses = state.Index.Responses.SetItem(responseId, newest.Ordinal) },
            };
        }

        return newest.Ordinal;
    }

    private static TimelineState Begin(TimelineState state, RunEvent e, int attempt) =>
        state.Items[attempt] is AttemptItem { Phase: AttemptPhase.Sent } sent
            ? state.Replace(e.Mark(), sent with { Phases = sent.Phases.Set(e.Mark(), AttemptPhase.Streaming) })
            : state;

    private static TimelineState Lifecycle(TimelineState state, RunEvent e, ResponseLifecycleEvent lifecycle)
    {
        var mark = e.Mark();
        var response = lifecycle.Response;
        var phase = response.Status switch
        {
            ResponseStatus.Completed => AttemptPhase.Completed,
            ResponseStatus.Incomplete => AttemptPhase.Incomplete,
            ResponseStatus.Failed => AttemptPhase.Failed,
            ResponseStatus.Cancelled => AttemptPhase.Cut,
            _ => AttemptPhase.Streaming,
        };
        var ended = phase is not AttemptPhase.Streaming;
        var ordinal = Attempt(ref state, e, response.Id.Length > 0 ? response.Id : e.ResponseId, ended);
        state = Begin(state, e, ordinal);
        if (ended)
        {
            state = OutputFold.Finish(state, e, ordinal, lifecycle);
        }

        var attempt = (AttemptItem)state.Items[ordinal];
        if (response.Model is { Length: > 0 } model)
        {
            attempt = attempt with { Model = attempt.Model.Set(mark, model) };
        }

        if (!ended || !attempt.IsOpen)
        {
            return state.Replace(mark, WithError(attempt, mark, response.Error));
        }

        attempt = WithError(attempt, mark, response.Error) with { Phases = attempt.Phases.Set(mark, phase) };
        if (response.IncompleteReason is { } reason)
        {
            attempt = attempt with { IncompleteReason = attempt.IncompleteReason.Set(mark, reason) };
        }

        if (response.Usage is { } usage)
        {
            attempt = attempt with { Usage = attempt.Usage.Set(mark, usage) };
            state = state with { Usages = state.Usages.Set(mark, state.Usage + usage) };
        }

        return OutputFold.Close(state.Replace(mark, attempt), mark, ordinal, phase is AttemptPhase.Completed);
    }

    private static TimelineState Failed(TimelineState state, RunEvent e, ResponseError error)
    {
        var mark = e.Mark();
        var ordinal = e.ResponseId is not null && state.Index.Responses.TryGetValue(e.ResponseId, out var known)
            ? known
            : state.Index.Attempt;
        if (ordinal < 0 || !state.Items[ordinal].IsOpen)
        {
            if (ordinal >= 0 && state.Items[ordinal] is AttemptItem { Error.IsSet: true })
            {
                return state;
            }

            return state.Add(new StatusItem
            {
                Ordinal = state.Items.Count,
                FromSeq = e.Seq,
                At = e.At,
                Kind = StatusKind.UpstreamError,
                Reason = error.Message,
            });
        }

        ordinal = Attempt(ref state, e, e.ResponseId, ending: true);
        var attempt = (AttemptItem)state.Items[ordinal];
        attempt = attempt with { Phases = attempt.Phases.Set(mark, AttemptPhase.Failed) };
        return OutputFold.Close(state.Replace(mark, WithError(attempt, mark, error)), mark, ordinal, complete: false);
    }

    /// <summary>An <c>error</c> is often followed by <c>response.failed</c> with the same message: the first one counts.</summary>
    private static AttemptItem WithError(AttemptItem attempt, SeqMark mark, ResponseError? error) =>
        error is null || attempt.Error.IsSet ? attempt : attempt with { Error = attempt.Error.Set(mark, error) };
}
