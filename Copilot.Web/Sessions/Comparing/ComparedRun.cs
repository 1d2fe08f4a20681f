using Copilot.Domain.Runs.Summaries;

namespace Copilot.Web.Sessions.Comparing;

/// <summary>One side of a comparison.</summary>
/// <param name="Run">The run.</param>
/// <param name="Owner">Whose it is, or null.</param>
/// <param name="Seq">The moment that it is compared at; null for its newest.</param>
public sealed record ComparedRun(RunSummary Run, string? Owner, long? Seq);
