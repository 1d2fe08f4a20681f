using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Erasure.Retention;
using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Erasure;

/// <summary>
/// The erasure requests that nobody makes by hand: for conversations that are due under a retention rule, and for forks of what was
/// deleted.
/// </summary>
internal sealed class AutomaticErasures(IErasureStore store, IRetentionStore retention, RetentionOptions options, TimeProvider time)
{
    private const int PageSessions = 100;

    /// <summary>Adds requests for the conversations that are due under the retention rules.</summary>
    public async Task AddDueAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<DueSession> due;
        do
        {
            // Conversations already requested are left out of the next page.
            due = await retention.ReadDueAsync(options.Days, RunTime.Now(time), PageSessions, cancellationToken).ConfigureAwait(false);
            foreach (var session in due)
            {
                await AddAsync(session.SessionId, ErasureCause.Rule, session.Rule, cancellationToken).ConfigureAwait(false);
            }
        }
        while (due.Count == PageSessions);
    }

    /// <summary>Forks go with the run that they were forked from: their requests upstream carried what was said in it.</summary>
    /// <returns>True when there are new requests.</returns>
    public async Task<bool> AddForksAsync(CancellationToken cancellationToken)
    {
        var forks = await store.ReadForksOfErasedAsync(cancellationToken).ConfigureAwait(false);
        var isAny = false;
        foreach (var sessionId in forks)
        {
            isAny |= await AddAsync(sessionId, ErasureCause.Fork, rule: null, cancellationToken).ConfigureAwait(false);
        }

        return isAny;
    }

    /// <returns>True when there is a request now.</returns>
    private async Task<bool> AddAsync(string sessionId, ErasureCause cause, string? rule, CancellationToken cancellationToken)
    {
        if (await store.FindOwnerAsync(sessionId, cancellationToken).ConfigureAwait(false) is not { } owner)
        {
            return false;
        }

        var now = RunTime.Now(time);
        try
        {
            await store.AddAsync(
                new ErasureRequest
                {
                    Id = RunIds.New("fgt_", time),
                    SessionId = sessionId,
                    Owner = owner,
                    Cause = cause,
                    Rule = rule,
                    RequestedAt = now,
                    NextAt = now,
                },
                cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (LegalHoldException)
        {
            // Set since it was read.
            return false;
        }
    }
}
