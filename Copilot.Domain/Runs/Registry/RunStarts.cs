using Copilot.Domain.Concurrency;
using Copilot.Domain.Runs.Actor;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Domain.Runs.Registry;

/// <summary>Starts runs: what a run follows, its place, and its first commit, under the lock of its session.</summary>
internal sealed class RunStarts(
    OwnedRuns owned,
    RunAdmission admission,
    LostRuns lost,
    PreparedRuns prepared,
    KeyedLock sessionLock,
    IServiceScopeFactory scopes,
    IRunEventStore store,
    IStorageHealth storage,
    TimeProvider time,
    RunOptions options)
{
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(5);

    /// <inheritdoc cref="IRuns.StartAsync"/>
    public async Task<StartOutcome> StartAsync(RunRequest request, CancellationToken cancellationToken)
    {
        Validate(request);
        ThrowIfStorageIsAway();
        var turn = await sessionLock.EnterAsync(request.SessionId, cancellationToken).ConfigureAwait(false);
        Task<StartOutcome>? creation = null;
        try
        {
            var session = await ReadSessionAsync(request.SessionId, cancellationToken).ConfigureAwait(false);
            if (session.Any(run => run.UserId != request.Owner.UserId))
            {
                // Its messages would become part of what the model is sent, and the run would be shown to the session's owner.
                return new StartOutcome.SessionTaken();
            }

            if (request.MessageId is { } messageId && session.FirstOrDefault(run => run.MessageId == messageId) is { } same)
            {
                return new StartOutcome.Started(
                    await store.FindAsync(same.RunId, cancellationToken).ConfigureAwait(false)
                        ?? throw new InvalidOperationException($"Run {same.RunId} is not in the store."),
                    Existing: true);
            }

            // A run that waits to be resumed is ahead, too, although its log says that it was interrupted.
            var last = owned.LastOf(request.SessionId)?.RunId;
            var ahead = session.LastOrDefault(run => run.RunId == last) ?? session.LastOrDefault(run => !run.Status.IsSettled());
            request = await WithForkAsync(request, cancellationToken).ConfigureAwait(false);
            var (parentRunId, parentSeq) = Lineage.ParentOf(request.Parent, session, ahead);
            var run = new RunCreation
            {
                SessionId = request.SessionId,
                Owner = request.Owner,
                ApiKeyId = request.ApiKeyId,
                RequestHash = request.RequestHash,
                Agent = request.Agent,
                ParentRunId = parentRunId,
                ParentSeq = parentSeq,
                Ordinal = session.Select(one => one.Ordinal).DefaultIfEmpty().Max() + 1,
                Metadata = request.Metadata,
                TextFormat = await TextFormatAsync(request, cancellationToken).ConfigureAwait(false),
            };
            if (TakePlace(request, queued: ahead is not null, out var place) is { } refusal)
            {
                return refusal;
            }

            // From here on it does not matter whether the caller still waits: what is being committed happens, and who asks again with
            // the same message id waits for it here.
            creation = CreateAsync(run, request, ahead is not null, place!, turn);
            return await creation.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (creation is null)
            {
                turn.Dispose();
            }
        }
    }

    /// <summary>The scope of a new run: the one that was prepared for it, where there is one.</summary>
    private async Task<AsyncServiceScope> ScopeForAsync(RunRequest request)
    {
        if (prepared.Take(request.SessionId) is not { } found)
        {
            return scopes.CreateAsyncScope();
        }

        if (found.UserId == request.Owner.UserId)
        {
            return found.Scope;
        }

        // Somebody else guessed the id of this session before it began.
        await found.Scope.DisposeAsync().ConfigureAwait(false);
        return scopes.CreateAsyncScope();
    }

    /// <summary>A run that has to wait its turn holds no socket.</summary>
    private async Task DiscardPreparedAsync(string sessionId)
    {
        if (prepared.Take(sessionId) is { } found)
        {
            await found.Scope.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>A fork says what it was forked from, and so does what repeats one. A repeated fork that said nothing new says nothing again.</summary>
    private async Task<RunRequest> WithForkAsync(RunRequest request, CancellationToken cancellationToken)
    {
        if (request.Parent is RunParent.Fork fork)
        {
            return request with { Forked = fork.Of.Event };
        }

        if (request.Parent is not RunParent.SameAs same
            || await store.FindAsync(same.RunId, cancellationToken).ConfigureAwait(false) is not { ForkedFrom: { } from } repeated
            || await store.ReadAsync(same.RunId, 1, 1, cancellationToken).ConfigureAwait(false) is not [{ IsErased: false, Payload: RunForked forked }])
        {
            return request;
        }

        return request with { Forked = forked, Input = !from.HasMessage && request.Input == repeated.Input ? "" : request.Input };
    }

    /// <summary>A retry or an edit asks for the format of the run it repeats, unless it names one.</summary>
    private async Task<ReadOnlyMemory<byte>> TextFormatAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var repeated = (request.Parent as RunParent.SameAs)?.RunId ?? (request.Parent as RunParent.Step)?.RunId;
        if (!request.TextFormat.IsEmpty || repeated is null)
        {
            return request.TextFormat;
        }

        return await store.ReadAsync(repeated, 0, 1, cancellationToken).ConfigureAwait(false)
            is [{ Type: RunEventTypes.RunCreated, IsErased: false } created]
                ? RunCreation.Read(created).TextFormat
                : default;
    }

    /// <summary>Commits a new run and sets it going. It has the session's turn until then.</summary>
    private async Task<StartOutcome> CreateAsync(RunCreation creation, RunRequest request, bool queued, RunPlace place, IDisposable turn)
    {
        using (turn)
        {
            OwnedRun? run = null;
            try
            {
                if (queued)
                {
                    await DiscardPreparedAsync(request.SessionId).ConfigureAwait(false);
                }

                var runId = RunIds.NewRun(time);
                run = owned.Add(runId, request.SessionId, new RunMessage.Begin(), place, await ScopeForAsync(request).ConfigureAwait(false));
                await run.Actor.CreateAsync(runId, creation, request).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                place.Dispose();
                if (run is not null)
                {
                    await owned.ReleaseAsync(run).ConfigureAwait(false);
                }

                if (exception is SessionTakenException)
                {
                    return new StartOutcome.SessionTaken();
                }

                throw;
            }

            owned.Launch(run);
            owned.BeginNext(request.SessionId);
            return new StartOutcome.Started(run.Actor.Summary, Existing: false);
        }
    }

    /// <summary>The session's runs, none of which its log calls unfinished although nobody owns it.</summary>
    private async Task<IReadOnlyList<RunHead>> ReadSessionAsync(string sessionId, CancellationToken cancellationToken)
    {
        var session = await store.ReadSessionHeadsAsync(sessionId, cancellationToken).ConfigureAwait(false);
        return await lost.InterruptAsync(session, cancellationToken).ConfigureAwait(false)
            ? await store.ReadSessionHeadsAsync(sessionId, cancellationToken).ConfigureAwait(false)
            : session;
    }

    private StartOutcome.TooMany? TakePlace(RunRequest request, bool queued, out RunPlace? place)
    {
        place = null;
        return owned.IsStopping ? new StartOutcome.TooMany("The server is shutting down.", s_retryAfter) { Code = "shutting_down" }
            : queued ? admission.TryEnterQueue(RunClaim.Of(request), out place)
            : admission.TryEnter(RunClaim.Of(request), out place);
    }

    private void ThrowIfStorageIsAway()
    {
        if (storage.Problem is { } problem)
        {
            throw new StorageUnavailableException(problem);
        }
    }

    private void Validate(RunRequest request)
    {
        if (!request.HasMessage && request.Parent is not RunParent.Fork)
        {
            throw new ArgumentException("The message is empty. Write what the agent should do, or attach a file.", nameof(request));
        }

        if (request.Input.Length > options.MaxInputLength)
        {
            throw new ArgumentException(
                $"The message has {request.Input.Length} characters; {options.MaxInputLength} is the limit. Shorten it.", nameof(request));
        }
    }
}
