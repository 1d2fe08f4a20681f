using System.Linq.Expressions;
using System.Text.Json;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Web.Storage.Runs;

/// <summary>A run's summary as it is stored, with what is known of the run without it.</summary>
internal sealed record StoredRun
{
    /// <summary>What is read of a row.</summary>
    public static Expression<Func<RunRow, StoredRun>> Columns { get; } = row => new StoredRun
    {
        Id = row.Id,
        SessionId = row.SessionId,
        UserId = row.UserId,
        TeamId = row.TeamId,
        ParentRunId = row.ParentRunId,
        ParentSeq = row.ParentSeq,
        Ordinal = row.Ordinal,
        MessageId = row.MessageId,
        Status = row.Status,
        HeadSeq = row.HeadSeq,
        CreatedAt = row.CreatedAt,
        LastEventAt = row.LastEventAt,
        Summary = row.Summary,
    };

    public required string Id { get; init; }

    public required string SessionId { get; init; }

    public required string UserId { get; init; }

    public required string TeamId { get; init; }

    public required string? ParentRunId { get; init; }

    public required long? ParentSeq { get; init; }

    public required long Ordinal { get; init; }

    public required string? MessageId { get; init; }

    public required string Status { get; init; }

    public required long HeadSeq { get; init; }

    public required long CreatedAt { get; init; }

    public required long LastEventAt { get; init; }

    public required string Summary { get; init; }

    /// <summary>The status of a column; one that is not known can be resumed.</summary>
    public static RunStatus StatusOf(string wire) =>
        Enum.GetValues<RunStatus>().FirstOrDefault(status => status.ToWire() == wire, RunStatus.Interrupted);

    /// <summary>The summary. Never throws: a damaged one is made from the columns, so that it costs nobody else their conversation.</summary>
    public RunSummary ToSummary()
    {
        try
        {
            if (JsonSerializer.Deserialize(Summary, StorageJson.Default.RunSummary) is { } summary)
            {
                // The head moves on while only deltas come, and the summary stays in place.
                return summary with { HeadSeq = HeadSeq, LastEventAt = UnixMicroseconds.ToTime(LastEventAt) };
            }
        }
        catch (JsonException)
        {
            // What follows is all there is.
        }

        return new RunSummary
        {
            RunId = Id,
            SessionId = SessionId,
            UserId = UserId,
            TeamId = TeamId,
            ParentRunId = ParentRunId,
            ParentSeq = ParentSeq,
            Ordinal = Ordinal,
            MessageId = MessageId,
            AgentName = "",
            Model = "",
            Status = StatusOf(Status),
            HeadSeq = HeadSeq,
            CreatedAt = UnixMicroseconds.ToTime(CreatedAt),
            LastEventAt = UnixMicroseconds.ToTime(LastEventAt),
        };
    }
}
