using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Actor;

/// <summary>
/// Words for a run that works. They are kept before anything else happens with them. Where a response is being generated that can be
/// steered they are sent into it; in every other case, and whenever nobody knows what became of them, they go in with the next request.
/// </summary>
internal sealed partial class RunActor
{
    private const string Unknown = "The connection ended before the model provider had answered.";

    /// <summary>What the upstream has taken for the response that is being generated, with its own id for it.</summary>
    private readonly List<(string SteerId, string? UpstreamId)> _accepted = [];

    /// <summary>The words the upstream has not answered yet: one at a time, so that each answer has its question.</summary>
    private string? _unanswered;

    /// <summary>The response that may be steered, or null.</summary>
    private string? _steerable;

    private async Task TakeAsync(RunMessage.Steered said)
    {
        var command = said.Command;
        try
        {
            if (!Recorder.Steers.Knows(command.SteerId))
            {
                if (Summary.Status is not (RunStatus.Running or RunStatus.Waiting))
                {
                    said.Answer.TrySetResult(CommandOutcome.NotPossible);
                    return;
                }

                Recorder.RecordBy(command.Actor, new SteerRequested(command.SteerId, command.Text));
            }

            await Recorder.Committed.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            said.Answer.TrySetException(exception);
            throw;
        }

        said.Answer.TrySetResult(CommandOutcome.Accepted);
        await SteerAsync().ConfigureAwait(false);
    }

    /// <summary>Sends the next words that wait, where that can be done now.</summary>
    private async Task SteerAsync()
    {
        if (_unanswered is not null || _steerable is not { } responseId || _upstream.Transport is not { CanSteer: true }
            || Recorder.Steers.Waiting.FirstOrDefault(words => _accepted.TrueForAll(one => one.SteerId != words.SteerId)) is not { } next)
        {
            return;
        }

        _unanswered = next.SteerId;
        Recorder.Record(new SteerSent(next.SteerId, responseId));
        await Recorder.Committed.ConfigureAwait(false);
        _upstream.Steer(new SteerRequest(responseId, next.Text), next.SteerId, Post);
    }

    /// <summary>The transport has tried. Where it could not, the response had ended by then.</summary>
    private void OnSteerSent(RunMessage.SteerSent sent)
    {
        if (!sent.Sent && _unanswered == sent.SteerId)
        {
            _unanswered = null;
            Recorder.Record(new SteerFailed(sent.SteerId, "The response had ended.", Final: null));
        }
    }

    /// <summary>True for the first event of a response that nobody requested: it follows one that was steered, and has its words.</summary>
    private bool IsSuccessor(ResponseEvent received, ResponseEvent? terminal)
    {
        if (terminal is null || received is not ResponseLifecycleEvent { IsTerminal: false } begun || begun.Response.Id == Recorder.ResponseId)
        {
            return false;
        }

        foreach (var (steerId, _) in _accepted)
        {
            Recorder.Record(new SteerDelivered(steerId, SteerRoute.Steer));
        }

        _accepted.Clear();
        return true;
    }

    /// <summary>What an event of the response says about words for it.</summary>
    private async Task NoteSteeringAsync(ResponseEvent received)
    {
        switch (received)
        {
            case ResponseLifecycleEvent { IsTerminal: false } begun:
                _steerable = begun.Response.Id;
                break;
            case SteerEvent { PreviousResponseId: { } steered } when steered != Recorder.ResponseId:
                // The late answer to words for a response that is long over.
                return;
            case SteerEvent { Outcome: "accepted" } accepted when _unanswered is { } asked:
                _accepted.Add((asked, accepted.SteerId));
                _unanswered = null;
                break;
            case SteerEvent { Outcome: "pending" } pending:
                // They wait upstream for the outputs, and stand before them.
                if (TakeAccepted(pending.SteerId) is { } waiting)
                {
                    Recorder.Record(new SteerDelivered(waiting, SteerRoute.Steer));
                }

                break;
            case SteerEvent { Outcome: "failed" } failed:
                if ((TakeAccepted(failed.SteerId) ?? _unanswered) is { } refused)
                {
                    _unanswered = _unanswered == refused ? null : _unanswered;
                    Recorder.Record(new SteerFailed(refused, failed.Error?.Message ?? "The model provider did not accept it.", Final: null));
                }

                _steerable = null;
                break;
            case { IsTerminal: true }:
                _steerable = null;
                break;
        }

        await SteerAsync().ConfigureAwait(false);
    }

    /// <summary>The stream is over. What had no answer by then goes in with the next request.</summary>
    private void EndSteering()
    {
        foreach (var steerId in _accepted.Select(one => one.SteerId).Append(_unanswered).OfType<string>().ToArray())
        {
            Recorder.Record(new SteerFailed(steerId, Unknown, Final: null));
        }

        _accepted.Clear();
        _unanswered = null;
        _steerable = null;
    }

    /// <summary>Puts the words that wait into the request that is about to be planned.</summary>
    private void DeliverPendingSteers()
    {
        foreach (var words in Recorder.Steers.Waiting.ToArray())
        {
            Recorder.Record(new SteerDelivered(words.SteerId, SteerRoute.NextRequest));
        }
    }

    /// <summary>The run ends: what it could not be told is told to nobody.</summary>
    private void FailPendingSteers()
    {
        foreach (var words in Recorder.Steers.Waiting.ToArray())
        {
            Recorder.Record(new SteerFailed(words.SteerId, "The run ended first.", Final: true));
        }
    }

    private string? TakeAccepted(string? upstreamId)
    {
        var index = _accepted.FindIndex(one => one.UpstreamId == upstreamId);
        if (index < 0)
        {
            return null;
        }

        var steerId = _accepted[index].SteerId;
        _accepted.RemoveAt(index);
        return steerId;
    }

    private static void Refuse(RunMessage message) => (message as RunMessage.Steered)?.Answer.TrySetResult(CommandOutcome.NotPossible);
}
