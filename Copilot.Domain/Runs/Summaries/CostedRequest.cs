namespace Copilot.Domain.Runs.Summaries;

/// <summary>Where a request is whose usage has not come.</summary>
public enum CostedRequest
{
    /// <summary>There is none: the last one has reported its usage, or was refused.</summary>
    None,

    /// <summary>It was sent, and nothing has come back.</summary>
    Sent,

    /// <summary>Its response has begun, so it costs something.</summary>
    Begun,
}
