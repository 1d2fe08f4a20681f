using Copilot.Web.Runs;

namespace Copilot.Web.Sessions;

/// <summary>How long a page waits for storage before it says that nothing is saved yet. What was handed over may still be saved.</summary>
internal static class StorageTimeout
{
    /// <summary>The time-out of every command of a page.</summary>
    public static readonly TimeSpan After = TimeSpan.FromSeconds(15);

    /// <summary>Runs a command under the time-out.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="slow">What a person reads when the time-out has fired.</param>
    /// <param name="command">The command, with a token that the time-out and the caller cancel.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="OperationCanceledException">The caller has cancelled.</exception>
    public static async Task<CommandResult> RunAsync(
        TimeProvider time, string slow, Func<CancellationToken, Task<CommandResult>> command, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(After, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await command(either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return CommandResult.Refused(RefusalCode.TimedOut, slow);
        }
    }
}
