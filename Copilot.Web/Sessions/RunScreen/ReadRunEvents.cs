using Copilot.Domain.Runs.Events;

namespace Copilot.Web.Sessions.RunScreen;

/// <summary>Reads events of one run after a number, in order. Only an empty page says that there are no more.</summary>
/// <param name="after">Seq of the event before the first one.</param>
/// <param name="limit">The most events; there may be fewer where they are large.</param>
/// <param name="cancellationToken">Stops the reading.</param>
public delegate Task<IReadOnlyList<RunEvent>> ReadRunEvents(long after, int limit, CancellationToken cancellationToken);
