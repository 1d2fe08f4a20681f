using System.Collections.Concurrent;
using System.Threading.Channels;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Runs;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Supervision;

namespace Copilot.Web.Supervision.Claims;

/// <summary>
/// Who has which run in their care. The table is the truth and survives a restart; <see cref="IRunPresence"/> shows it. A claim ends when
/// it is given back, when its run has left the wall, and when whoever has it may not look after it any more.
/// </summary>
internal sealed partial class RunClaims(
    RunClaimRows rows, IRunPresence presence, SupervisorAccess access, TimeProvider time, ILogger<RunClaims> logger)
    : BackgroundService
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1, 1);

    // One note per claim at most is added by a run's end and by each change of a person's access.
    private readonly Channel<Note> _notes = Channel.CreateUnbounded<Note>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, Held> _held = [];

    /// <summary>
    /// Reads who has which run in their care; once, before anything else. It writes nothing: what has to end is ended in the background.
    /// </summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        foreach (var (row, isOver) in await rows.OpenAsync(cancellationToken))
        {
            Hold(row, isOfThisProcess: false, CancellationToken.None);
            _notes.Writer.TryWrite(new Note(row.RunId, row.Id, isOver ? ClaimEnd.RunEnded : null));
        }
    }

    /// <summary>Takes a run into a person's care. The first one counts; who comes later learns who that was.</summary>
    /// <param name="userId">Who.</param>
    /// <param name="run">The run.</param>
    /// <param name="cancellationToken">Stops it before the commit.</param>
    public async Task<CommandResult> ClaimAsync(string userId, RunSummary run, CancellationToken cancellationToken)
    {
        try
        {
            var owner = new RunOwner(run.UserId, run.TeamId);
            if (await access.FindAsync(userId, cancellationToken) is not { } scope || !scope.Holds(owner))
            {
                return CommandResult.Refused(RefusalCode.NotFound, RunCommandText.RunGone);
            }

            var standing = await ClaimAsync(scope, run.RunId, owner, cancellationToken);
            return standing.UserId == userId ? CommandResult.Done : CommandResult.Refused(RefusalCode.Conflict, RunClaimsText.ClaimedBy(standing.Name));
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotSaved(exception, run.RunId);
            return CommandResult.Refused(RefusalCode.StorageUnavailable, RunCommandText.CommandNotSaved);
        }
    }

    /// <summary>The same for who was found to be allowed to.</summary>
    /// <returns>The claim that stands: theirs, or that of who was first.</returns>
    public async Task<RunClaim> ClaimAsync(SupervisorScope scope, string runId, RunOwner owner, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (presence.ClaimOf(runId) is { } first)
            {
                return first;
            }

            if (_held.ContainsKey(runId))
            {
                // Shown as ended already, but that could not be saved until now.
                await rows.EndAsync(runId, ClaimEnd.AccessEnded, cancellationToken);
                Release(runId);
            }

            var row = await rows.AddAsync(scope, runId, owner, cancellationToken);
            return Hold(row, isOfThisProcess: true, scope.Revoked);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives a run out of a person's care. Nothing happens where they do not have it.</summary>
    public async Task<CommandResult> ReleaseAsync(string userId, string runId, CancellationToken cancellationToken)
    {
        try
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                if (presence.ClaimOf(runId)?.UserId == userId)
                {
                    await rows.EndAsync(runId, ClaimEnd.Released, cancellationToken);
                    Release(runId);
                }

                return CommandResult.Done;
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotSaved(exception, runId);
            return CommandResult.Refused(RefusalCode.StorageUnavailable, RunCommandText.CommandNotSaved);
        }
    }

    /// <summary>A run has left the wall: soon nobody has it in their care.</summary>
    public void EndWithRun(string runId)
    {
        if (_held.TryGetValue(runId, out var held))
        {
            NoteEnd(runId, held);
        }
    }

    /// <summary>
    /// Ends what was claimed in the moment in which its run left the wall, or later through an alert: nobody reports the end of a run that
    /// is not there. Those that were read at the start wait for their runs to be found again.
    /// </summary>
    /// <param name="isOnWall">Whether the wall has a run.</param>
    public void EndMissing(Predicate<string> isOnWall)
    {
        foreach (var (runId, held) in _held)
        {
            if (held.IsOfThisProcess && !isOnWall(runId))
            {
                NoteEnd(runId, held);
            }
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        foreach (var held in _held.Values)
        {
            held.Revocation.Dispose();
        }

        _turn.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var note in _notes.Reader.ReadAllAsync(stoppingToken))
        {
            await FollowAsync(note, stoppingToken);
        }
    }

    // No failure here may stop the host; what storage does not take now is tried again, and found again by the next start.
    private async Task FollowAsync(Note note, CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await _turn.WaitAsync(stoppingToken);
                try
                {
                    await ApplyAsync(note, stoppingToken);
                    return;
                }
                finally
                {
                    _turn.Release();
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogRetry(exception, note.RunId);
                if (!StorageFailure.Is(exception))
                {
                    return;
                }
            }

            await Task.Delay(s_retry, time, stoppingToken);
        }
    }

    private async Task ApplyAsync(Note note, CancellationToken cancellationToken)
    {
        if (!_held.TryGetValue(note.RunId, out var held) || held.Id != note.ClaimId)
        {
            return;
        }

        var because = note.Because;
        if (because is null)
        {
            if (await access.FindAsync(held.UserId, cancellationToken) is { } scope && scope.Holds(held.Owner))
            {
                held.Revocation.Unregister();
                _held[note.RunId] = held with { Revocation = Watch(note.RunId, note.ClaimId, scope.Revoked) };
                return;
            }

            because = ClaimEnd.AccessEnded;
        }

        // Shown at once: nobody is to rely on somebody who can do nothing.
        presence.ShowClaim(note.RunId, claim: null);
        await rows.EndAsync(note.RunId, because, cancellationToken);
        Release(note.RunId);
    }

    private void NoteEnd(string runId, Held held)
    {
        if (!held.IsEnding && _held.TryUpdate(runId, held with { IsEnding = true }, held))
        {
            _notes.Writer.TryWrite(new Note(runId, held.Id, ClaimEnd.RunEnded));
        }
    }

    private RunClaim Hold(RunClaimRow row, bool isOfThisProcess, CancellationToken revoked)
    {
        var claim = new RunClaim(row.ClaimedBy, row.ClaimedByName, UnixMicroseconds.ToTime(row.ClaimedAt));
        _held[row.RunId] = new Held(row.Id, row.ClaimedBy, new RunOwner(row.UserId, row.TeamId), Watch(row.RunId, row.Id, revoked))
        {
            IsOfThisProcess = isOfThisProcess,
        };
        presence.ShowClaim(row.RunId, claim);
        return claim;
    }

    private void Release(string runId)
    {
        if (_held.TryRemove(runId, out var held))
        {
            // Not its Dispose: that would wait for a callback, and this may be called by one.
            held.Revocation.Unregister();
        }

        presence.ShowClaim(runId, claim: null);
    }

    private CancellationTokenRegistration Watch(string runId, string claimId, CancellationToken revoked) =>
        revoked.Register(() => _notes.Writer.TryWrite(new Note(runId, claimId, Because: null)));

    [LoggerMessage(LogLevel.Warning, "Who has run {RunId} in their care was not saved: storage is unavailable")]
    private partial void LogNotSaved(Exception exception, string runId);

    [LoggerMessage(LogLevel.Warning, "The end of a claim of run {RunId} could not be saved")]
    private partial void LogRetry(Exception exception, string runId);

    /// <param name="RunId">The run.</param>
    /// <param name="ClaimId">The claim: another one of the same run is not meant.</param>
    /// <param name="Because">A <see cref="ClaimEnd"/>; null to look whether the person may still look after it.</param>
    private sealed record Note(string RunId, string ClaimId, string? Because);

    private sealed record Held(string Id, string UserId, RunOwner Owner, CancellationTokenRegistration Revocation)
    {
        /// <summary>False for one that was read at the start.</summary>
        public bool IsOfThisProcess { get; init; }

        /// <summary>True once its end is noted.</summary>
        public bool IsEnding { get; init; }
    }
}
