namespace Copilot.Domain.Runs.Summaries;

/// <summary>What people read when this server itself is at fault.</summary>
internal static class RunErrors
{
    /// <summary>A bug. The log has the exception; people get a sentence.</summary>
    public static RunError Internal { get; } = new(
        "internal_error", "Something went wrong on this server.", "Try again; the server's log says more.");
}
