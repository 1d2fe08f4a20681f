using Copilot.Domain.Runs.Actor;
using Copilot.Domain.Runs.Summaries;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Domain.Runs.Registry;

/// <summary>Runs that may come: a scope with a connection, made while somebody types.</summary>
public sealed partial class RunRegistry
{
    /// <summary>How many preparations wait for their message; leak tests read it.</summary>
    public int Prepared => _prepared.Count;

    /// <inheritdoc/>
    public async Task PrepareAsync(RunPreparationRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!_upstreamOptions.IsWarmUpEnabled || _prepared.TryExtend(request.SessionId, _upstreamOptions.WarmSocketLifetime))
        {
            return;
        }

        using var turn = await _sessionLock.EnterAsync(request.SessionId, cancellationToken).ConfigureAwait(false);
        var session = await _store.ReadSessionAsync(request.SessionId, cancellationToken).ConfigureAwait(false);
        if (session.Any(run => !run.Status.IsSettled() || Find(run.RunId) is not null) || IsFull() || !_prepared.HasRoom(request.Owner.UserId))
        {
            return;
        }

        var scope = _scopes.CreateAsyncScope();
        var actor = scope.ServiceProvider.GetRequiredService<RunActor>();
        actor.Prepare(request, session.Count > 0 ? session[^1] : null);
        if (!_prepared.TryAdd(new PreparedRun(request.SessionId, request.Owner.UserId, scope), _upstreamOptions.WarmSocketLifetime))
        {
            await scope.DisposeAsync().ConfigureAwait(false);
        }
    }

    private bool IsFull()
    {
        lock (_lock)
        {
            return _stopping || _runs.Values.Count(run => !run.Waits) >= _options.MaxActive;
        }
    }

    /// <summary>The scope of a new run: the one that was prepared for it, where there is one.</summary>
    private AsyncServiceScope ScopeFor(string sessionId) => _prepared.Take(sessionId)?.Scope ?? _scopes.CreateAsyncScope();

    /// <summary>A run that has to wait its turn holds no socket.</summary>
    private async Task DropPreparedAsync(string sessionId)
    {
        if (_prepared.Take(sessionId) is { } prepared)
        {
            await prepared.Scope.DisposeAsync().ConfigureAwait(false);
        }
    }
}
