namespace Copilot.Web.Storage.Search;

/// <summary>What a list of runs is sorted by.</summary>
public enum RunSort
{
    /// <summary>When they were created.</summary>
    Date,

    /// <summary>What they have cost.</summary>
    Cost,

    /// <summary>How long they took.</summary>
    Duration,

    /// <summary>Tokens read and written.</summary>
    Tokens,
}
