namespace Copilot.Domain.Timeline.Items;

/// <summary>Where a question to a person is.</summary>
public enum ApprovalState
{
    /// <summary>Nobody has decided.</summary>
    Waiting,

    /// <summary>A person allowed the call.</summary>
    Approved,

    /// <summary>A person did not allow it.</summary>
    Denied,

    /// <summary>Nobody decided in time.</summary>
    Expired,

    /// <summary>The run ended first.</summary>
    Withdrawn,
}
