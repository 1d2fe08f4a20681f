using System.Security.Cryptography;
using System.Text;
using Copilot.Domain.Concurrency;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Security;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Upkeep;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Runs;

/// <summary>What came of a start under an idempotency key.</summary>
/// <param name="Outcome">The start's outcome; null when the key stands for another body.</param>
internal sealed record IdempotentOutcome(StartOutcome? Outcome);

/// <summary>
/// Starts one run per <c>Idempotency-Key</c> and API key for 24 hours. Message and, in a new conversation, session are derived
/// from the key, so the start itself is idempotent: a crash between the start and the row that remembers it does not start a
/// second run. Nobody without the API key can derive the same ids, and no page can choose them.
/// </summary>
internal sealed class IdempotentStart(
    IRuns runs, IRunEventStore store, IDbContextFactory<CopilotDbContext> contexts, InstallationKey installation, TimeProvider time)
    : IHourlyCleanup
{
    /// <summary>Longest <c>Idempotency-Key</c>.</summary>
    public const int MaxKeyLength = 255;

    // Not what pages choose for theirs: those are 32 digits without a word before them.
    private const string SessionPrefix = "ses_api_";

    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(24);

    private readonly KeyedLock _keys = new();

    /// <summary>Starts the run, or finds the one that the key has started.</summary>
    /// <param name="idempotency">The client's key and the body it stands for.</param>
    /// <param name="request">What to start; without a session id of the client's, <see cref="RunRequest.SessionId"/> is empty.</param>
    /// <param name="cancellationToken">Stops the waiting for another request with the same key; a start that has begun is finished.</param>
    public async Task<IdempotentOutcome> StartAsync(
        IdempotencyKey idempotency, RunRequest request, CancellationToken cancellationToken)
    {
        var (apiKeyId, key, body) = idempotency;
        // Keyed: a short message could be found again from a plain hash.
        var bodyHash = installation.Hash(body.Span);
        var requestHash = Convert.ToHexStringLower(bodyHash);
        using var entered = await _keys.EnterAsync(apiKeyId + "\n" + key, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.IdempotencyKeys.AsNoTracking().SingleOrDefaultAsync(
            candidate => candidate.ApiKeyId == apiKeyId && candidate.Key == key, cancellationToken);
        if (row is not null && !IsExpired(row.CreatedAt))
        {
            return !row.BodyHash.AsSpan().SequenceEqual(bodyHash) ? new IdempotentOutcome(Outcome: null)
                : await store.FindAsync(row.RunId, cancellationToken) is { } run
                    ? new IdempotentOutcome(new StartOutcome.Started(run, Existing: true))
                    : throw new InvalidOperationException($"Run {row.RunId} is not in the store.");
        }

        var secret = await db.ApiKeys.Where(one => one.Id == apiKeyId).Select(one => one.KeyHash).SingleOrDefaultAsync(cancellationToken)
            ?? throw new InvalidOperationException($"There is no API key {apiKeyId}.");
        var outcome = await StartOnceAsync(apiKeyId, secret, key, request with { RequestHash = requestHash }, row?.RunId ?? "");
        if (outcome is not StartOutcome.Started started)
        {
            return new IdempotentOutcome(outcome);
        }

        // Started by a request whose row was lost, which asked for something else.
        if (started.Existing && !await IsSameAsync(started.Run, requestHash, cancellationToken))
        {
            return new IdempotentOutcome(Outcome: null);
        }

        await RememberAsync(db, apiKeyId, key, bodyHash, started.Run);
        return new IdempotentOutcome(started);
    }

    /// <summary>Removes the rows that mean nothing any more.</summary>
    public async Task CleanAsync(CancellationToken cancellationToken)
    {
        var expired = UnixMicroseconds.From(time.GetUtcNow() - s_lifetime);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.WriteAsync(
            token => db.IdempotencyKeys.Where(row => row.CreatedAt <= expired).ExecuteDeleteAsync(token), cancellationToken);
    }

    // A key that is used again after its day must start a new run although its derived ids exist: each use is derived from
    // the run before it.
    private async Task<StartOutcome> StartOnceAsync(
        string apiKeyId, byte[] secret, string key, RunRequest request, string previousRunId)
    {
        while (true)
        {
            var id = Convert.ToHexStringLower(
                HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{apiKeyId}\n{previousRunId}\n{key}")))[..32];
            var derived = request with
            {
                MessageId = "idem_" + id,
                SessionId = request.SessionId.Length > 0 ? request.SessionId : SessionPrefix + id,
            };
            var outcome = await runs.StartAsync(derived, CancellationToken.None);
            if (outcome is StartOutcome.Started { Existing: true } old && time.GetUtcNow() - old.Run.CreatedAt >= s_lifetime)
            {
                previousRunId = old.Run.RunId;
                continue;
            }

            return outcome;
        }
    }

    private static async Task RememberAsync(CopilotDbContext db, string apiKeyId, string key, byte[] bodyHash, RunSummary run)
    {
        await db.WriteAsync(
            async cancellationToken =>
            {
                // An expired one, unless the cleaner was faster.
                await db.IdempotencyKeys
                    .Where(row => row.ApiKeyId == apiKeyId && row.Key == key)
                    .ExecuteDeleteAsync(cancellationToken);
                db.IdempotencyKeys.Add(new IdempotencyRow
                {
                    ApiKeyId = apiKeyId,
                    Key = key,
                    BodyHash = bodyHash,
                    RunId = run.RunId,
                    CreatedAt = UnixMicroseconds.From(run.CreatedAt),
                });
                return await db.SaveChangesAsync(cancellationToken);
            },
            CancellationToken.None);
    }

    // What an erased run was asked is not known any more.
    private async Task<bool> IsSameAsync(RunSummary run, string requestHash, CancellationToken cancellationToken) =>
        run.ForgottenAt is not null
        || (await store.ReadAsync(run.RunId, 0, 1, cancellationToken) is [var first]
            && (first.IsErased || (first.Payload is RunCreated created && created.RequestHash == requestHash)));

    private bool IsExpired(long createdAt) => time.GetUtcNow() - UnixMicroseconds.ToTime(createdAt) >= s_lifetime;
}
