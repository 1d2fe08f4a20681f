using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Responses.Transports;

/// <summary>How far an exchange has come.</summary>
internal enum ResponseStreamPhase
{
    /// <summary>A response is being generated.</summary>
    Open,

    /// <summary>The response has ended, and words that steered it still have to be answered: by a successor, or by saying why there is none.</summary>
    Owing,

    /// <summary>Nothing more comes.</summary>
    Over,
}

/// <summary>
/// Counts what an exchange still owes: the end of its response, and for words that steered it (<c>response.steer</c>) an answer.
/// Accepted words end in a response that nobody requested, or in <c>pending</c> or <c>failed</c> after the response's own end.
/// </summary>
internal sealed class SteeringTracker
{
    private readonly HashSet<string> _accepted = [];
    private int _unanswered;
    private bool _ended;

    /// <summary>The response that is being generated or has ended last; null before an event has told its id.</summary>
    public string? ResponseId { get; private set; }

    /// <summary>Where the exchange is.</summary>
    public ResponseStreamPhase Phase =>
        !_ended ? ResponseStreamPhase.Open : _unanswered > 0 || _accepted.Count > 0 ? ResponseStreamPhase.Owing : ResponseStreamPhase.Over;

    /// <summary>True while the response has an id and has not ended.</summary>
    public bool CanSteer => ResponseId is not null && !_ended;

    /// <summary>True while words were sent and not answered.</summary>
    public bool AwaitsAnswer => _unanswered > 0;

    /// <summary>Takes note that words are about to be sent; false when their response is not being generated.</summary>
    public bool TryBegin(string responseId)
    {
        if (!CanSteer || ResponseId != responseId)
        {
            return false;
        }

        _unanswered++;
        return true;
    }

    /// <summary>Takes the next event.</summary>
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
                    // The successor: it carries all that was accepted.
                    _accepted.Clear();
                    _ended = false;
                }

                Name(begun);
                break;
            case { IsTerminal: true }:
                _ended = true;
                if (received is ResponseLifecycleEvent { Response.Status: ResponseStatus.Completed or ResponseStatus.Incomplete } ended)
                {
                    Name(ended);
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

    private void Name(ResponseLifecycleEvent lifecycle)
    {
        if (lifecycle.Response.Id.Length > 0)
        {
            ResponseId = lifecycle.Response.Id;
        }
    }
}
