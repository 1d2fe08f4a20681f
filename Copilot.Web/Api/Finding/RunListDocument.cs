using Copilot.Domain.Costs;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Api.Runs;
using Copilot.Web.Storage.Search;

namespace Copilot.Web.Api.Finding;

/// <summary>A page of runs. Fields may be added, never changed.</summary>
/// <param name="Runs">The runs.</param>
/// <param name="Next">What to send as <c>after</c> for the next page; null at the end.</param>
internal sealed record RunListDocument(IReadOnlyList<RunRowDocument> Runs, string? Next);

/// <summary>A run in a list.</summary>
internal sealed record RunRowDocument(
    string RunId,
    string SessionId,
    string Title,
    string Input,
    string PersonId,
    string? Person,
    string TeamId,
    string? Team,
    string Agent,
    string? Model,
    string Status,
    string? Transport,
    string? ErrorCode,
    IReadOnlyList<string> Tools,
    int ToolCalls,
    long Tokens,
    CostDocument Cost,
    bool Intervention,
    string CreatedAt,
    string? CompletedAt,
    long DurationMs,
    bool Forgotten,
    bool Seen,
    RunHitDocument? Hit)
{
    /// <summary>From the list.</summary>
    public static RunRowDocument From(FoundRun run) => new(
        run.RunId,
        run.SessionId,
        run.Title,
        run.Input,
        run.PersonId,
        run.Person,
        run.TeamId,
        run.Team,
        run.Agent,
        run.Model.Length > 0 ? run.Model : null,
        run.Status.ToWire(),
        run.Transport switch { TransportKind.WebSocket => "websocket", TransportKind.Http => "http", _ => null },
        run.ErrorCode,
        run.Tools,
        run.ToolCalls,
        run.Tokens,
        CostDocument.From(new CostTotal(run.Currency, run.CostMicros, run.IsCostPartial ? 1 : 0)),
        run.HasIntervention,
        ApiTime.Format(run.CreatedAt),
        run.CompletedAt is { } completed ? ApiTime.Format(completed) : null,
        (long)run.Duration.TotalMilliseconds,
        run.IsErased,
        run.IsSeen,
        run.Hit is { } hit ? new RunHitDocument(hit.Seq, hit.Snippet is { } shown ? string.Concat(shown.Parts.Select(part => part.Text)) : null, hit.Count) : null);
}

/// <summary>Where something was found.</summary>
/// <param name="Seq">The event's number.</param>
/// <param name="Text">A piece of what it says; null where that was deleted.</param>
/// <param name="Count">In how many events of the run something was found.</param>
internal sealed record RunHitDocument(long Seq, string? Text, int Count);

/// <summary>A page of sessions. Fields may be added, never changed.</summary>
/// <param name="Sessions">The sessions.</param>
/// <param name="Next">What to send as <c>after</c> for the next page; null at the end.</param>
internal sealed record SessionListDocument(IReadOnlyList<SessionRowDocument> Sessions, string? Next);

/// <summary>A session in a list.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Title">What it is called.</param>
/// <param name="PersonId">Whose it is.</param>
/// <param name="Person">Their name; null where they are not there any more.</param>
/// <param name="RunId">The newest of its runs that were found.</param>
/// <param name="Runs">How many of its runs were found.</param>
/// <param name="NewestAt">When the newest of them was created.</param>
internal sealed record SessionRowDocument(
    string SessionId, string Title, string PersonId, string? Person, string RunId, int Runs, string NewestAt)
{
    /// <summary>From the list.</summary>
    public static SessionRowDocument From(FoundSession session) => new(
        session.SessionId, session.Title, session.PersonId, session.Person, session.RunId, session.Runs, ApiTime.Format(session.Newest));
}
