namespace Copilot.Web.Storage.Search;

/// <summary>What lists of runs are filtered and sorted by and only the log tells, and how far the run is indexed.</summary>
internal sealed class RunFactsRow
{
    /// <summary>The run's number in the index; never used again.</summary>
    public long Number { get; init; }

    public required string RunId { get; init; }

    /// <summary>Seq of the newest event that is indexed.</summary>
    public long Seq { get; set; }

    public string Agent { get; set; } = "";

    public string Model { get; set; } = "";

    /// <summary>Names of the tools that the model has called, each between two line feeds.</summary>
    public string Tools { get; set; } = "";

    public int ToolCalls { get; set; }

    /// <summary><c>websocket</c>, <c>http</c> or null.</summary>
    public string? Transport { get; set; }

    public string? ErrorCode { get; set; }

    public long Tokens { get; set; }

    public bool HasIntervention { get; set; }
}
