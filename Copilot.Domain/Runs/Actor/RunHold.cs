using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Actor;

/// <summary>
/// Why a run waits for people, and for how long. The log says that it waits when the first reason begins, and that it goes on when the
/// last one ends; the run's time stands still in between. Only the run's own loop uses it.
/// </summary>
internal sealed class RunHold(RunRecorder recorder, IRunMailbox mailbox, RunLimit limit, TimeProvider time, TimeSpan takeOverSilence) : IDisposable
{
    private const string Paused = "A person has paused the run.";
    private const string TakenOver = "A person answers in the agent's place.";
    private const string NothingHolds = "Nothing holds the run any more.";

    private readonly HashSet<HoldReason> _reasons = [];
    private ITimer? _silence;
    private string? _draining;
    private RunMessage.SilenceOver? _over;

    /// <summary>True while nothing new may begin, neither a tool nor a request.</summary>
    public bool IsHeld => _draining is not null || recorder.Summary is { Pause: not null } or { TakeOver: not null };

    /// <summary>True while a response is being generated, or is waited for after a failure: it can be asked for again.</summary>
    public bool IsResponding { get; set; }

    /// <summary>The process is about to stop: nothing new begins any more.</summary>
    /// <param name="reason">Why, as a sentence.</param>
    public void Drain(string reason) => _draining = reason;

    /// <summary>Ends a run whose process is about to stop. It is called where nothing is under way.</summary>
    /// <exception cref="RunEndingException">The process is about to stop.</exception>
    public void EndIfDraining()
    {
        if (_draining is { } reason)
        {
            throw new RunEndingException(new RunEnd.Interrupted(reason));
        }
    }

    /// <summary>The run waits for this, too.</summary>
    public void Begin(HoldReason reason, string sentence)
    {
        if (_reasons.Add(reason) && _reasons.Count == 1)
        {
            limit.Pause();
            recorder.Record(new RunWaiting(sentence));
        }
    }

    /// <summary>The run waits for this no longer.</summary>
    public void End(HoldReason reason, string sentence)
    {
        if (_reasons.Remove(reason) && _reasons.Count == 0)
        {
            recorder.Record(new RunResumed(sentence, UnknownCalls: null));
            limit.Go();
        }
    }

    /// <summary>Says in the log whether the run waits for somebody to let it go on.</summary>
    /// <param name="nothingUnderWay">False while something still works that a hold does not end.</param>
    public void Update(bool nothingUnderWay)
    {
        if (!IsHeld)
        {
            End(HoldReason.Person, NothingHolds);
        }
        else if (nothingUnderWay)
        {
            Begin(HoldReason.Person, recorder.Summary.TakeOver is null ? Paused : TakenOver);
        }
    }

    /// <summary>Returns when something new may begin.</summary>
    /// <returns>True when it had to wait: what was known before may be out of date.</returns>
    /// <exception cref="RunEndingException">A message ends the run.</exception>
    public async Task<bool> WaitAsync()
    {
        if (!IsHeld)
        {
            return false;
        }

        EndIfDraining();
        Update(nothingUnderWay: true);
        await recorder.CommitAsync().ConfigureAwait(false);
        while (IsHeld)
        {
            await mailbox.ReceiveAsync().ConfigureAwait(false);
        }

        Update(nothingUnderWay: true);
        return true;
    }

    /// <summary>Waits for words of whoever has taken over, from when the log says that they spoke last. Stops waiting where nobody has.</summary>
    public void WatchSilence()
    {
        _silence?.Dispose();
        (_silence, _over) = (null, null);
        if (recorder.Summary.TakeOver is null || recorder.Interventions.SpokenAt is not { } spoken)
        {
            return;
        }

        var left = spoken + takeOverSilence - time.GetUtcNow();
        var over = _over = new RunMessage.SilenceOver();
        _silence = time.CreateTimer(_ => mailbox.Post(over), null, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>True when it is the silence that is waited for now.</summary>
    public bool IsOver(RunMessage.SilenceOver over) => ReferenceEquals(over, _over);

    public void Dispose() => _silence?.Dispose();
}
