using Copilot.Domain.Audit;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Audit;
using Copilot.Web.Runs;
using Copilot.Web.Runs.Forking;
using Copilot.Web.Sessions.Supervising;

namespace Copilot.Web.Sessions.Comparing;

/// <summary>Forks runs from a page, under the time-out of all commands of a page. Of others' runs, the access log says so before.</summary>
internal sealed class ForkCommands(ForkRun forks, PageAudit audit, TimeProvider time)
{
    /// <summary>What a person sees before; null with the reason where the run cannot be forked.</summary>
    public Task<(ForkPreview? Preview, CommandResult Result)> ReadAsync(UserInfo user, RunSummary run, CancellationToken cancellationToken) =>
        // A long run takes a while, and the circuit has other work.
        Task.Run(() => forks.ReadAsync(user.Id, run.RunId, cancellationToken), cancellationToken);

    /// <summary>Forks a run.</summary>
    /// <param name="user">Who asks.</param>
    /// <param name="run">The run.</param>
    /// <param name="request">What is asked; its caller is this person.</param>
    /// <param name="cancellationToken">Stops the waiting; what was handed over is still started.</param>
    public Task<CommandResult> ForkAsync(UserInfo user, RunSummary run, ForkRequest request, CancellationToken cancellationToken) =>
        StorageTimeout.RunAsync(
            time,
            SessionText.CommandSlow,
            async token =>
            {
                try
                {
                    return await forks.ForkAsync(
                        request with { Caller = user.AsOwner, RunId = run.RunId },
                        (forked, seq) => audit.RecordAsync(user, AccessActions.RunForked, forked.RunId, forked.UserId, ForkRunText.ForkedAt(seq), token),
                        token,
                        token);
                }
                catch (AccessNotRecordedException)
                {
                    return CommandResult.Refused(RefusalCode.StorageUnavailable, AuditText.NotRecorded);
                }
            },
            cancellationToken);
}
