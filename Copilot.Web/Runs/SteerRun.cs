using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Web.Runs;

/// <summary>Sends a message to the agent of a run that works. The same message with the same id is sent once.</summary>
internal sealed class SteerRun(RunControl control)
{
    /// <summary>Longest id of a message.</summary>
    public const int MaxIdLength = 64;

    /// <summary>True for an id that a client may give its message: 1 to <see cref="MaxIdLength"/> letters, digits, '_', '-' or '.'.</summary>
    public static bool IsId(string id) =>
        id is { Length: > 0 and <= MaxIdLength } && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');

    /// <summary>Sends the message; needs the right to control the run.</summary>
    /// <param name="userId">Who sends it.</param>
    /// <param name="run">The run.</param>
    /// <param name="steerId">Made by the client, see <see cref="IsId"/>.</param>
    /// <param name="text">The message.</param>
    /// <param name="reason">Why; only the run's owner may leave it out.</param>
    /// <param name="cancellationToken">Stops the waiting; a message that was handed over is still saved.</param>
    public async Task<CommandResult> SteerAsync(
        string userId, RunSummary run, string steerId, string text, string? reason, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return CommandResult.Refused(RefusalCode.Invalid, RunCommandText.NothingWritten, "text");
        }

        try
        {
            var result = await control.SendAsync(
                userId, run, actor => new RunCommand.Steer(actor, steerId, text) { Reason = RunReason.Words(reason) }, cancellationToken);
            return result.Code switch
            {
                RefusalCode.Denied => CommandResult.Refused(RefusalCode.Denied, RunCommandText.SteerDenied),
                RefusalCode.Conflict => CommandResult.Refused(RefusalCode.Conflict, RunCommandText.RunEndedFirst),
                RefusalCode.StorageUnavailable => CommandResult.Refused(RefusalCode.StorageUnavailable, RunCommandText.MessageNotSaved),
                _ => result,
            };
        }
        catch (ArgumentException exception)
        {
            // The one exception whose text is meant for the sender (IRuns.AskAsync).
            return CommandResult.Invalid(exception, "text");
        }
    }
}
