namespace Copilot.Domain.Runs;

/// <summary>Makes ready for runs before there is a message. Callers have checked <see cref="IRunAccess"/> first.</summary>
public interface IRunPreparations
{
    /// <summary>
    /// Begins to open, and to warm, the connection of the session's next run; asked again, keeps it for longer. A start of that session
    /// takes it; one that is not taken is closed after <c>Upstream:WarmSocketLifetime</c>. Does nothing where a run works in the
    /// session or too many are prepared: it is never an error.
    /// </summary>
    Task PrepareAsync(RunPreparationRequest request, CancellationToken cancellationToken);
}
