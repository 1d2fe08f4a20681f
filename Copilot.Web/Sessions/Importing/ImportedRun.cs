using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Web.Sessions.Importing;

/// <summary>A run of a file that was opened.</summary>
/// <param name="Summary">What lists say of it. Of a clip nobody knows whose it was, and what was asked.</param>
/// <param name="Events">Its events, in order.</param>
/// <param name="Check">What the check of its hash chain found.</param>
internal sealed record ImportedRun(RunSummary Summary, IReadOnlyList<RunEvent> Events, ChainCheck Check);
