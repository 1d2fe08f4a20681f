using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Responses.Transports;

/// <summary>The phase of a response stream.</summary>
internal enum ResponseStreamPhase
{
    /// <summary>A response is being generated.</summary>
    Open,

    /// <summary>The response has ended, and a steer message still awaits its answer: a successor, or the reason why there is none.</summary>
    AwaitingSteer,

    /// <summary>Nothing more comes.</summary>
    Over,
}

/// <summary>
/// Tracks what a stream still has to deliver: the end of its response, and an answer to each steer message (<c>response.steer</c>). An
/// accepted message leads to a successor response, or to <c>pending</c> or <c>failed</c> after the response's own end.
/// </summary>
internal sealed class SteeringTracker
{
    private readonly HashSet<string> _accepted = [];
    private int _unanswered;
    private bool _ended;

    /// <summary>The response that is being generated or has ended last; null before an event has carried its id.</summary>
    public string? ResponseId { get; private set; }

    /// <summary>The current phase.</summary>
    public ResponseStreamPhase Phase =>
        !_ended ? ResponseStreamPhase.Open : _unanswered > 0 || _accepted.Count > 0 ? ResponseStreamPhase.AwaitingSteer : ResponseStreamPhase.Over;

    /// <summary>True while the response has an id and has not ended.</summary>
    public bool CanSteer => ResponseId is not null && !_ended;

    /// <summary>True while a steer message has no answer.</summary>
    public bool AwaitsAnswer => _unanswered > 0;

    /// <summary>Records that a steer message is about to be sent; false when its response is not being generated.</summary>
    public bool TryBegin(string responseId)
    {
        if (!CanSteer || ResponseId != responseId)
        {
            return false;
        }

        _unanswered++;
        return true;
    }

    /// <summary>Applies the next event.</summary>
    public void Apply(ResponseEvent received)
    {
        switch (received)
        {
            case SteerEvent steer:
                Apply(steer);
                break;
            case ResponseLifecycleEvent { IsTerminal: false } begun:
                if (_ended)
                {
                    // The successor: it includes every accepted message.
                    _accepted.Clear();
                    _ended = false;
                }

                SetResponseId(begun);
                break;
            case { IsTerminal: true }:
                _ended = true;
                if (received is ResponseLifecycleEvent { Response.Status: ResponseStatus.Completed or ResponseStatus.Incomplete } ended)
                {
                    SetResponseId(ended);
                    break;
                }

                // Nothing follows a response that failed.
                _unanswered = 0;
                _accepted.Clear();
                break;
        }
    }

    private void Apply(SteerEvent steer)
    {
        switch (steer.Outcome)
        {
            case "accepted":
                _unanswered = Math.Max(0, _unanswered - 1);
                _accepted.Add(steer.SteerId ?? "");
                break;
            case "failed" when steer.SteerId is { } id && _accepted.Remove(id):
                break;
            case "failed":
                _unanswered = Math.Max(0, _unanswered - 1);
                break;
            default:
                _accepted.Remove(steer.SteerId ?? "");
                break;
        }
    }

    private void SetResponseId(ResponseLifecycleEvent lifecycle)
    {
        if (lifecycle.Response.Id.Length > 0)
        {
            ResponseId = lifecycle.Response.Id;
        }
    }
}
