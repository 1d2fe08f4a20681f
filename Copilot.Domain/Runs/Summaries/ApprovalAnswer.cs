namespace Copilot.Domain.Runs.Summaries;

/// <summary>How an approval was decided.</summary>
public enum ApprovalAnswer
{
    /// <summary>A person allowed the call.</summary>
    Approved,

    /// <summary>A person did not allow it.</summary>
    Denied,

    /// <summary>Nobody decided in time: the call is not carried out.</summary>
    Expired,
}
