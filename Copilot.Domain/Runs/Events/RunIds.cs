namespace Copilot.Domain.Runs.Events;

/// <summary>Ids are lower-case strings: a prefix and a UUIDv7, so they sort by time.</summary>
public static class RunIds
{
    /// <summary>A new run id.</summary>
    public static string NewRun(TimeProvider time) => New("run_", time);

    /// <summary>A new session id.</summary>
    public static string NewSession(TimeProvider time) => New("ses_", time);

    /// <summary>A new id with any prefix, underscore included.</summary>
    public static string New(string prefix, TimeProvider time) =>
        prefix + Guid.CreateVersion7(time.GetUtcNow()).ToString("n");
}
