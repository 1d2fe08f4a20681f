using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Web.Runs;

/// <summary>Lets a run with a budget cost more.</summary>
internal sealed class RaiseBudget(RunControl control)
{
    /// <summary>Raises the budget; needs the right to control the run.</summary>
    /// <param name="userId">Who asks.</param>
    /// <param name="run">The run.</param>
    /// <param name="amountMicros">How much more, in micro-units of the prices' currency, above 0.</param>
    /// <param name="reason">Why; only the run's owner may leave it out.</param>
    /// <param name="cancellationToken">Stops the waiting; a command that was handed over still counts.</param>
    public Task<CommandResult> RaiseAsync(
        string userId, RunSummary run, long amountMicros, string? reason, CancellationToken cancellationToken) => control.SendAsync(
        userId, run, actor => new RunCommand.RaiseBudget(actor, amountMicros) { Reason = RunReason.Words(reason) }, cancellationToken);
}
