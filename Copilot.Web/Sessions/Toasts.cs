using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Copilot.Web.Sessions;

/// <summary>A short notice of what just happened.</summary>
/// <param name="Id">Tells it from others.</param>
/// <param name="Text">One sentence.</param>
/// <param name="IsProblem">Whether something did not work: it is announced at once.</param>
/// <param name="Undo">Takes back what happened; null where that cannot be.</param>
public sealed record Toast(int Id, string Text, bool IsProblem, Func<Task>? Undo);

/// <summary>
/// The notices on one person's screen, the newest last. Each leaves by itself after <see cref="Shown"/>, but not while somebody is at them
/// or the screen is out of reach; more than <see cref="MaxCount"/> push the oldest out. Lives as long as the circuit and is used on its thread.
/// </summary>
internal sealed class Toasts(TimeProvider time) : CircuitHandler, IDisposable
{
    /// <summary>How many are on screen at most.</summary>
    public const int MaxCount = 3;

    private readonly List<(Toast Toast, ITimer Timer)> _shown = [];
    private readonly Lock _lock = new();
    private int _last;
    private bool _isAttended;
    private bool _isOutOfReach;

    /// <summary>How long a notice stays: long enough to read it and to reach its button.</summary>
    public static TimeSpan Shown { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Raised after anything here has changed, on any thread.</summary>
    public event Action? Changed;

    /// <summary>What is on screen.</summary>
    public IReadOnlyList<Toast> Items
    {
        get
        {
            lock (_lock)
            {
                return [.. _shown.Select(entry => entry.Toast)];
            }
        }
    }

    private TimeSpan Remaining => _isAttended || _isOutOfReach ? Timeout.InfiniteTimeSpan : Shown;

    /// <summary>Says that something was done, with a way back where there is one.</summary>
    public void Say(string text, Func<Task>? undo = null) => Add(text, isProblem: false, undo);

    /// <summary>Says that something did not work.</summary>
    public void Warn(string text) => Add(text, isProblem: true, undo: null);

    /// <summary>Somebody has come to the notices, or has left them: from then on each stays as long as a new one.</summary>
    public void Hold(bool isHere) => SetHeld(ref _isAttended, isHere);

    /// <summary>Takes one off the screen; nothing happens when it has left.</summary>
    public void Close(int id)
    {
        lock (_lock)
        {
            if (_shown.FindIndex(entry => entry.Toast.Id == id) is var index and >= 0)
            {
                RemoveAt(index);
            }
        }

        Changed?.Invoke();
    }

    /// <summary>Takes one off the screen and takes back what it said. Nothing is taken back twice.</summary>
    public Task UndoAsync(Toast toast)
    {
        bool found;
        lock (_lock)
        {
            found = _shown.Exists(entry => entry.Toast.Id == toast.Id);
        }

        Close(toast.Id);
        return found && toast.Undo is { } undo ? undo() : Task.CompletedTask;
    }

    /// <summary>What ran out now could be neither read nor taken back.</summary>
    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        SetHeld(ref _isOutOfReach, true);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        // That somebody has left may not have come through. Who has not says so again.
        SetHeld(ref _isAttended, false);
        SetHeld(ref _isOutOfReach, false);
        return Task.CompletedTask;
    }

    /// <summary>Stops the timers.</summary>
    public void Dispose()
    {
        Changed = null;
        lock (_lock)
        {
            while (_shown.Count > 0)
            {
                RemoveAt(0);
            }
        }
    }

    private void Add(string text, bool isProblem, Func<Task>? undo)
    {
        lock (_lock)
        {
            var id = ++_last;
            var timer = time.CreateTimer(_ => Close(id), null, Remaining, Timeout.InfiniteTimeSpan);
            _shown.Add((new Toast(id, text, isProblem, undo), timer));
            if (_shown.Count > MaxCount)
            {
                RemoveAt(0);
            }
        }

        Changed?.Invoke();
    }

    private void SetHeld(ref bool held, bool value)
    {
        lock (_lock)
        {
            if (held == value)
            {
                return;
            }

            held = value;
            foreach (var (_, timer) in _shown)
            {
                timer.Change(Remaining, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void RemoveAt(int index)
    {
        _shown[index].Timer.Dispose();
        _shown.RemoveAt(index);
    }
}
