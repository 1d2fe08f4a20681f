using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Log;

/// <summary>New events of one run, with what the run looks like after them.</summary>
/// <param name="Summary">The fold up to and including the last event.</param>
/// <param name="Events">In order, numbered without a hole; the first continues the stored head.</param>
public sealed record RunAppend(RunSummary Summary, IReadOnlyList<RunEvent> Events);
