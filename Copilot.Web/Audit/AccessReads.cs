using Copilot.Domain.Audit;
using Copilot.Web.Identity;

namespace Copilot.Web.Audit;

/// <summary>
/// Records that somebody reads what is not theirs, before they get it. Programs ask again and again: what one asks for in the same way
/// within <see cref="Window"/> is one entry.
/// </summary>
internal sealed class AccessReads(IAccessLog log, PersonStore people, TimeProvider time)
{
    /// <summary>How long an entry stands for its repetitions.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private const int MaxRecorded = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<AccessRead, DateTimeOffset> _recorded = [];

    /// <summary>Records it, unless it is the reader's own.</summary>
    /// <exception cref="AccessNotRecordedException">It could not be recorded: do not show it.</exception>
    public Task RecordAsync(AccessRead read, string? ownerId, CancellationToken cancellationToken) =>
        read.UserId == ownerId ? Task.CompletedTask : RecordAlwaysAsync(read, ownerId, cancellationToken);

    /// <summary>Records it, also the reader's own.</summary>
    /// <exception cref="AccessNotRecordedException">It could not be recorded: do not show it.</exception>
    public async Task RecordAlwaysAsync(AccessRead read, string? ownerId, CancellationToken cancellationToken)
    {
        if (IsRecorded(read))
        {
            return;
        }

        await WriteAsync(read, ownerId, what: null, cancellationToken);
        lock (_lock)
        {
            if (_recorded.Count >= MaxRecorded)
            {
                _recorded.Clear();
            }

            _recorded[read] = time.GetUtcNow();
        }
    }

    /// <summary>Records what somebody does, unless it is their own: each time, because each time something comes of it.</summary>
    /// <exception cref="AccessNotRecordedException">It could not be recorded: do not do it.</exception>
    public Task RecordEachAsync(AccessRead read, string? ownerId, string what, CancellationToken cancellationToken) =>
        read.UserId == ownerId ? Task.CompletedTask : WriteAsync(read, ownerId, what, cancellationToken);

    private async Task WriteAsync(AccessRead read, string? ownerId, string? what, CancellationToken cancellationToken)
    {
        var person = await people.FindAsync(read.UserId, cancellationToken);
        await log.RecordAsync(
            new AccessEntry
            {
                Action = read.Action,
                ActorId = read.UserId,
                ActorName = person?.DisplayName ?? read.UserId,
                ActorRole = person?.Role,
                KeyId = read.KeyId,
                Address = read.Address ?? "unknown",
                ObjectId = read.ObjectId,
                OwnerId = ownerId,
                After = what ?? read.After,
            },
            cancellationToken);
    }

    private bool IsRecorded(AccessRead read)
    {
        lock (_lock)
        {
            return _recorded.TryGetValue(read, out var at) && time.GetUtcNow() - at < Window;
        }
    }
}
