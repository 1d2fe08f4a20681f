namespace Copilot.Web.Storage.Supervision;

/// <summary>A report of an alert to one address that has not been accepted yet. It goes when it is, or when it is given up.</summary>
internal sealed class AlertReportRow
{
    /// <summary>The same for every try: the other side can tell a repetition.</summary>
    public required string Id { get; init; }

    public required string AlertId { get; init; }

    /// <summary>The address, as the settings had it.</summary>
    public required string Url { get; init; }

    /// <summary>JSON, as it was when it happened.</summary>
    public required string Body { get; init; }

    public int Attempts { get; set; }

    public required long NextAt { get; set; }
}
