namespace Copilot.Domain.Audit;

/// <summary>The log of who saw what is not theirs and changed what others depend on.</summary>
public interface IAccessLog
{
    /// <summary>
    /// Commits an entry. Await it before anything is shown: what cannot be recorded must not be seen. Entries that come together share a
    /// transaction.
    /// </summary>
    /// <exception cref="AccessNotRecordedException">It could not be recorded.</exception>
    Task RecordAsync(AccessEntry entry, CancellationToken cancellationToken);
}
