namespace Copilot.Web.Storage.Search;

/// <summary>The index of what runs say. It follows the log, and can always be made from it anew.</summary>
internal interface IRunIndex
{
    /// <summary>How many runs have something that is not indexed yet.</summary>
    Task<int> CountPendingAsync(CancellationToken cancellationToken);

    /// <summary>Indexes some of the newest runs that wait, in short transactions.</summary>
    /// <param name="before">Only runs that are older than this one; null for the newest.</param>
    /// <param name="cancellationToken">Stops it between two transactions.</param>
    /// <returns>The oldest run that was looked at, or null where none waits.</returns>
    Task<string?> IndexAsync(string? before, CancellationToken cancellationToken);
}
