using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Runs.Summaries;

/// <summary>Sentences for people about runs that this server ended.</summary>
internal static class RunErrors
{
    /// <summary>A run has waited for money until its time was over.</summary>
    public const string BudgetNotRaised = "No one raised the budget in time.";

    /// <summary>A bug. The log has the exception; people get a sentence.</summary>
    public static RunError Internal { get; } = new(
        "internal_error", "Something went wrong on this server.", "Try again. The server's log has the details.");
}
