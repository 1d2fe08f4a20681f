using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Actor.Sending;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Actor;

/// <summary>
/// Messages for a run that works. They are saved before anything else happens with them. Where a response is being generated that can be
/// steered they are sent into it; in every other case, and whenever it is not known what became of them, they go in with the next request.
/// </summary>
internal sealed class Steering(RunRecorder recorder, RunUpstream upstream, IRunMailbox mailbox)
{
    private const string Unknown = "The connection ended before the model provider had answered.";

    /// <summary>What the upstream has taken for the response that is being generated, with its own id for it.</summary>
    private readonly List<(string SteerId, string? UpstreamId)> _accepted = [];

    /// <summary>The words the upstream has not answered yet: one at a time, so that each answer has its question.</summary>
    private string? _unanswered;

    /// <summary>The response that may be steered, or null.</summary>
    private string? _steerable;

    /// <summary>True while the upstream has not answered what was sent to it.</summary>
    public bool IsUnanswered => _unanswered is not null;

    /// <summary>Records what a person says, answers them once it is committed, and sends it where that can be done now.</summary>
    public async Task TakeAsync(RunMessage.Asked asked, RunCommand.Steer command)
    {
        try
        {
            if (!recorder.Steers.Knows(command.SteerId))
            {
                if (recorder.Summary.Status is not (RunStatus.Running or RunStatus.Waiting))
                {
                    // Left without an answer, it is refused.
                    return;
                }

                recorder.RecordBy(command.Actor, new SteerRequested(command.SteerId, command.Text) { Reason = command.Reason });
            }

            await recorder.CommitAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            asked.Fail(exception);
            throw;
        }

        asked.Reply(new CommandOutcome.Accepted());
        await SendNextAsync().ConfigureAwait(false);
    }

    /// <summary>Sends the next words that wait, where that can be done now.</summary>
    private Task SendNextAsync() =>
        // Asked at every event of every response: mostly nothing waits.
        recorder.Steers.Waiting.Count == 0 ? Task.CompletedTask : SendWaitingAsync();

    private async Task SendWaitingAsync()
    {
        if (_unanswered is not null || _steerable is not { } responseId || upstream.Transport is not { CanSteer: true }
            || recorder.Steers.Waiting.FirstOrDefault(words => _accepted.TrueForAll(one => one.SteerId != words.SteerId)) is not { } next)
        {
            return;
        }

        _unanswered = next.SteerId;
        recorder.Record(new SteerSent(next.SteerId, responseId));
        await recorder.CommitAsync().ConfigureAwait(false);
        upstream.Steer(new SteerRequest(responseId, next.Text), next.SteerId, mailbox.Post);
    }

    /// <summary>The transport has tried. Where it could not, the response had ended by then.</summary>
    public void OnSent(RunMessage.SteerSent sent)
    {
        if (!sent.Sent && _unanswered == sent.SteerId)
        {
            _unanswered = null;
            recorder.Record(new SteerFailed(sent.SteerId, "The response had ended.", Final: null));
        }
    }

    /// <summary>True for the first event of a response that was not requested: it follows one that was steered, and has its message.</summary>
    public bool IsSuccessor(ResponseEvent received, ResponseEvent? terminal)
    {
        if (terminal is null || received is not ResponseLifecycleEvent { IsTerminal: false } begun || begun.Response.Id == recorder.ResponseId)
        {
            return false;
        }

        foreach (var (steerId, _) in _accepted)
        {
            recorder.Record(new SteerDelivered(steerId, SteerRoute.Steer));
        }

        _accepted.Clear();
        return true;
    }

    /// <summary>What an event of the response says about words for it.</summary>
    public async Task ReadAsync(ResponseEvent received)
    {
        switch (received)
        {
            case ResponseLifecycleEvent { IsTerminal: false } begun:
                _steerable = begun.Response.Id;
                break;
            case SteerEvent { PreviousResponseId: { } steered } when steered != recorder.ResponseId:
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
                    recorder.Record(new SteerDelivered(waiting, SteerRoute.Steer));
                }

                break;
            case SteerEvent { Outcome: "failed" } failed:
                if ((TakeAccepted(failed.SteerId) ?? _unanswered) is { } refused)
                {
                    _unanswered = _unanswered == refused ? null : _unanswered;
                    recorder.Record(new SteerFailed(refused, failed.Error?.Message ?? "The model provider did not accept it.", Final: null));
                }

                _steerable = null;
                break;
            case { IsTerminal: true }:
                _steerable = null;
                break;
        }

        await SendNextAsync().ConfigureAwait(false);
    }

    /// <summary>The stream is over. What had no answer by then goes in with the next request.</summary>
    public void EndStream()
    {
        foreach (var steerId in _accepted.Select(one => one.SteerId).Append(_unanswered).OfType<string>().ToArray())
        {
            recorder.Record(new SteerFailed(steerId, Unknown, Final: null));
        }

        _accepted.Clear();
        _unanswered = null;
        _steerable = null;
    }

    /// <summary>Puts the words that wait into the request that is about to be planned.</summary>
    public void DeliverPending()
    {
        foreach (var words in recorder.Steers.Waiting.ToArray())
        {
            recorder.Record(new SteerDelivered(words.SteerId, SteerRoute.NextRequest));
        }
    }

    /// <summary>The run ends: what could not be delivered is reported as such.</summary>
    public void FailPending()
    {
        foreach (var words in recorder.Steers.Waiting.ToArray())
        {
            recorder.Record(new SteerFailed(words.SteerId, "The run ended first.", Final: true));
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
}
