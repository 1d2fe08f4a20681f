namespace Copilot.Web.Identity.Passwords;

/// <summary>
/// How long a sign-in that fails takes at least. What is written about an account that exists takes time, and no account must be told from
/// none by it.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="least">How long: more than checking a password and writing a row take.</param>
internal sealed class FailurePace(TimeProvider time, TimeSpan least)
{
    /// <summary>The usual time.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(500);

    /// <summary>When a sign-in began.</summary>
    public long Begin() => time.GetTimestamp();

    /// <summary>Waits until a sign-in that failed has taken long enough.</summary>
    public Task WaitAsync(long begun, CancellationToken cancellationToken) =>
        least - time.GetElapsedTime(begun) is { Ticks: > 0 } rest ? Task.Delay(rest, time, cancellationToken) : Task.CompletedTask;
}
