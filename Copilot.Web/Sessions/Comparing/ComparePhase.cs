namespace Copilot.Web.Sessions.Comparing;

/// <summary>What came of reading two runs.</summary>
internal enum ComparePhase
{
    /// <summary>Both are there.</summary>
    Open,

    /// <summary>One of them does not exist, or not for this person.</summary>
    NotFound,

    /// <summary>The access log could not be written.</summary>
    NotRecorded,

    /// <summary>They have more events than are read at once.</summary>
    TooLarge,

    /// <summary>They could not be read.</summary>
    Failed,
}
