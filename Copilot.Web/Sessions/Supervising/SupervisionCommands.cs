using Copilot.Web.Runs;
using Copilot.Web.Runs.Supervising;

namespace Copilot.Web.Sessions.Supervising;

/// <summary>What a person can do about a run from a page, under the time-out of all commands of a page. Effects are seen as events.</summary>
internal sealed class SupervisionCommands(Intervene intervene, TimeProvider time)
{
    /// <summary>Does it.</summary>
    /// <param name="user">Who asks.</param>
    /// <param name="runId">The run.</param>
    /// <param name="request">What they want.</param>
    /// <param name="cancellationToken">Stops the waiting; a command that was handed over still counts.</param>
    public Task<CommandResult> DoAsync(UserInfo user, string runId, InterventionRequest request, CancellationToken cancellationToken) =>
        StorageTimeout.RunAsync(time, SessionText.CommandSlow, token => intervene.DoAsync(user.Id, runId, request, token), cancellationToken);
}
