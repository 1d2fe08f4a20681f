using System.Globalization;
using Copilot.Domain.Replay;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Sessions.Timelines;
using Microsoft.AspNetCore.Components;

namespace Copilot.Web.Components.RunScreen;

/// <summary>
/// The moment of a run that a page shows: moved by the reader and by the address, which follows it. All parts of the page show the run
/// there. Lives on the page's dispatcher.
/// </summary>
/// <param name="navigation">Has the address.</param>
/// <param name="time">The clock, for catching up with a live run.</param>
/// <param name="changed">Draws the page.</param>
internal sealed class Playhead(NavigationManager navigation, TimeProvider time, Action changed) : IDisposable
{
    // How fast the playhead runs after the newest, and how often it is moved.
    private const double CatchUpSpeed = 1.5;
    private static readonly TimeSpan s_catchUpStep = TimeSpan.FromMilliseconds(100);
    private static readonly TimelineStep s_nothing = new(TimelineState.Empty, 0, HasEnded: false);

    private readonly List<string?> _ownPlaces = [];
    private string? _placeInAddress;
    private TimelineState? _clipped;
    private CancellationTokenSource? _catching;
    private bool _isLeft;

    /// <summary>The run up to its newest event.</summary>
    public TimelineStep Step { get; private set; } = s_nothing;

    /// <summary>The run at the playhead.</summary>
    public TimelineState Shown => _clipped ?? Step.State;

    /// <summary>Seq of the event that the run is shown at; null for its newest.</summary>
    public long? Seq { get; private set; }

    /// <summary>The moment that the run is shown at; null for its newest, and while the event is still read.</summary>
    public DateTimeOffset? At { get; private set; }

    /// <summary>Seq of the event that is open among the raw ones; null for none.</summary>
    public long? Selected { get; private set; }

    /// <summary>The events that are measured; null for none.</summary>
    public SeqRange? Stretch { get; private set; }

    /// <summary>What lists say of the run: it counts until the run is read, so that what depends on it has its place at once. Null for nothing yet.</summary>
    public RunStatus? Listed { get; set; }

    /// <summary>Whether the run is live.</summary>
    public bool IsLive => Step.State.HeadSeq == 0 ? Listed?.IsSettled() is not true : !Step.HasEnded && !Step.State.Status.IsTerminal();

    /// <summary>Whether there is a player. A live run is played only by who has left its newest moment.</summary>
    public bool IsPlayable => Seq is not null || !IsLive;

    /// <summary>Whether the playhead runs after the newest.</summary>
    public bool IsCatchingUp => _catching is not null;

    /// <summary>Stops catching up.</summary>
    public void Dispose() => Leave();

    /// <summary>Another run is on its way, and the address is its: nothing is written there any more.</summary>
    public void Leave()
    {
        _isLeft = true;
        _catching?.Cancel();
    }

    /// <summary>The run is read anew, from its beginning.</summary>
    public void Forget() => (Step, _clipped) = (s_nothing, null);

    /// <summary>More of the run was read.</summary>
    public void Take(TimelineStep step)
    {
        Step = step;
        Clip();
    }

    /// <summary>
    /// The address moves the playhead when it changes; in between, the reader does, and what the reader's moves have written is no news.
    /// </summary>
    public void TakeAddress(string? place)
    {
        if (_placeInAddress != place)
        {
            _placeInAddress = place;
            var own = _ownPlaces.IndexOf(place);
            _ownPlaces.RemoveRange(0, own < 0 ? _ownPlaces.Count : own + 1);
            if (own < 0)
            {
                _catching?.Cancel();
                var range = SeqRange.TryParse(place, out var found) ? found : null;
                Stretch = range?.First < range?.Last ? range : null;
                (Seq, At, Selected) = (range?.First, null, Stretch is null ? range?.First : null);
            }
        }

        Clip();
    }

    /// <summary>Goes to an event, and opens it; to the newest with null.</summary>
    public Task Go(long? seq)
    {
        MoveTo(seq, at: null);
        (Selected, Stretch) = (seq, null);
        WriteAddress(AddressOf(seq));
        changed();
        return Task.CompletedTask;
    }

    /// <summary>Opens an event where it is; closing it with null leaves the playhead where it was.</summary>
    public Task Select(long? seq)
    {
        if (seq is not null)
        {
            return Go(seq);
        }

        Selected = null;
        return Task.CompletedTask;
    }

    /// <summary>A script draws the playhead while it moves; the address follows when it stops. Gives the event that is shown.</summary>
    public Task<long?> Move(DateTimeOffset at, bool isFinal)
    {
        // A script counts in fractions of milliseconds, the log in whole microseconds.
        at += TimeSpan.FromMicroseconds(0.5);
        var newest = IsLive ? time.GetUtcNow() : Step.Times.Newest ?? time.GetUtcNow();
        long? seq = at >= newest || Step.Times.Count == 0 ? null : Math.Max(1, Step.Times.SeqAt(at));
        MoveTo(seq, seq is null ? null : at);
        Selected = null;
        if (isFinal)
        {
            WriteAddress(Stretch?.ToString() ?? AddressOf(seq));
        }

        changed();
        return Task.FromResult(seq);
    }

    /// <summary>Measures a stretch, and goes to its beginning.</summary>
    public Task Measure(SeqRange range)
    {
        MoveTo(range.First, at: null);
        (Selected, Stretch) = (null, range);
        WriteAddress(range.ToString());
        changed();
        return Task.CompletedTask;
    }

    /// <summary>
    /// As a live video does: the reader sees everything, only faster, until they are where the run is. Called again, it stops there.
    /// </summary>
    public async Task CatchUpAsync()
    {
        if (_catching is { } running)
        {
            await running.CancelAsync();
            return;
        }

        if (At is not { } at)
        {
            return;
        }

        WriteAddress(null);
        using var stop = new CancellationTokenSource();
        _catching = stop;
        var moved = time.GetTimestamp();
        try
        {
            while (IsLive && at < time.GetUtcNow())
            {
                (At, Seq) = (at, Math.Max(1, Step.Times.SeqAt(at)));
                Clip();
                changed();
                await Task.Delay(s_catchUpStep, time, stop.Token);
                // The time may have been over already when the reader went elsewhere.
                stop.Token.ThrowIfCancellationRequested();
                var now = time.GetTimestamp();
                at += time.GetElapsedTime(moved, now) * CatchUpSpeed;
                moved = now;
            }

            (Seq, At) = (null, null);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The reader went elsewhere, or stopped it: the playhead stays where it is.
            return;
        }
        finally
        {
            _catching = null;
            Clip();
        }
    }

    private static string? AddressOf(long? seq) => seq?.ToString(CultureInfo.InvariantCulture);

    private void MoveTo(long? seq, DateTimeOffset? at)
    {
        _catching?.Cancel();
        (Seq, At) = (seq, at);
        Clip();
    }

    private void WriteAddress(string? place)
    {
        if (_isLeft)
        {
            return;
        }

        if (_ownPlaces.Count > 0 || place != _placeInAddress)
        {
            _ownPlaces.Add(place);
        }

        navigation.NavigateTo(navigation.GetUriWithQueryParameter("seq", place), replace: true);
    }

    // The state at a playhead stays the same while the run continues.
    private void Clip()
    {
        if (Seq is not { } seq)
        {
            (_clipped, At) = (null, null);
            return;
        }

        // While it is read, the event may not have come.
        At ??= seq <= Step.Times.Count || Step.HasEnded ? Step.Times.TimeOf(seq) : null;
        if (seq >= Step.State.HeadSeq)
        {
            _clipped = null;
        }
        else if (_clipped?.HeadSeq != seq)
        {
            _clipped = TimelineClip.At(Step.State, seq);
        }
    }
}
