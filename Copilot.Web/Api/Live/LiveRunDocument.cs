using Copilot.Domain.Costs;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Supervision;
using Copilot.Web.Api.Runs;
using Copilot.Web.Supervision;

namespace Copilot.Web.Api.Live;

/// <summary>A live run as the API tells of it. Fields may be added, never changed.</summary>
internal sealed record LiveRunDocument(
    string RunId,
    string SessionId,
    string PersonId,
    string Person,
    string TeamId,
    string Team,
    string Agent,
    string? Model,
    string Status,
    string Group,
    IReadOnlyList<SignDocument> Signs,
    string Input,
    string LastWords,
    IReadOnlyList<ActiveToolDocument> Tools,
    IReadOnlyList<PendingApprovalDocument> PendingApprovals,
    string? Transport,
    string? TransportReason,
    UsageDocument Usage,
    CostDocument Cost,
    BudgetDocument? Budget,
    double? ContextShare,
    int TokensPerSecond,
    IReadOnlyList<string> Watchers,
    string? ClaimedBy,
    bool Paused,
    bool TakenOver,
    string CreatedAt,
    string? StartedAt,
    string? CompletedAt,
    string LastEventAt,
    long HeadSeq)
{
    /// <summary>From the board.</summary>
    public static LiveRunDocument From(LiveRow row) => new(
        row.RunId,
        row.Run.SessionId,
        row.Run.UserId,
        row.PersonName,
        row.Run.TeamId,
        row.TeamName,
        row.Run.AgentName,
        row.Run.Model.Length > 0 ? row.Run.Model : null,
        row.Run.Status.ToWire(),
        row.Assessment.Group.ToWire(),
        [.. row.Assessment.Signs.Select(SignDocument.From)],
        row.Run.Input,
        row.Run.LastWords,
        [.. row.Run.ActiveTools.Select(ActiveToolDocument.From)],
        row.Run.Status is RunStatus.Waiting ? [.. row.Run.PendingApprovals.Select(PendingApprovalDocument.From)] : [],
        row.Run.Transport switch
        {
            TransportKind.WebSocket => "websocket",
            TransportKind.Http => "http",
            _ => null,
        },
        row.Run.TransportReason,
        UsageDocument.From(row.Run.Usage),
        CostDocument.From(row.Run.CostSoFar),
        row.Run.Budget is { } budget ? new BudgetDocument(Money.ToUnits(budget.LimitMicros), budget.Currency) : null,
        row.ContextShare,
        row.TokensPerSecond,
        [.. row.Watchers.Select(watcher => watcher.Name)],
        row.Claim?.Name,
        row.Run.Pause is not null,
        row.Run.TakeOver is not null,
        ApiTime.Format(row.Run.CreatedAt),
        row.Run.StartedAt is { } started ? ApiTime.Format(started) : null,
        row.Run.CompletedAt is { } completed ? ApiTime.Format(completed) : null,
        ApiTime.Format(row.Run.LastEventAt),
        row.Run.HeadSeq);
}

/// <summary>Something about a run that a supervisor should know.</summary>
internal sealed record SignDocument(string Kind, string Since, string? Subject, string? CallId, long? LimitMs, int? Count, double? Share)
{
    /// <summary>From an assessment.</summary>
    public static SignDocument From(RunSign sign) => new(
        sign.Kind.ToWire(), ApiTime.Format(sign.Since), sign.Subject, sign.CallId, (long?)sign.Limit?.TotalMilliseconds, sign.Count, sign.Share);
}

/// <summary>A tool that works.</summary>
internal sealed record ActiveToolDocument(string CallId, string Name, string? Intent, string StartedAt, long DeadlineMs)
{
    /// <summary>From the run's fold.</summary>
    public static ActiveToolDocument From(ActiveTool tool) =>
        new(tool.CallId, tool.Name, tool.Intent, ApiTime.Format(tool.StartedAt), (long)tool.Deadline.TotalMilliseconds);
}

/// <summary>What has changed on the board.</summary>
/// <param name="Version">The board's, which grows with each change.</param>
/// <param name="Runs">Those that changed; in a snapshot all.</param>
/// <param name="Gone">Ids of those that are no longer on it; in a snapshot none.</param>
internal sealed record LiveDocument(long Version, IReadOnlyList<LiveRunDocument> Runs, IReadOnlyList<string> Gone);
