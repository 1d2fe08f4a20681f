using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Log;

/// <summary>Which runs a follower of <see cref="IRunDirectory"/> wants: a key, so that a change of a run reaches only those it concerns.</summary>
public sealed record RunScope
{
    private RunScope(string? userId, string? sessionId, string? teamId) => (UserId, SessionId, TeamId) = (userId, sessionId, teamId);

    /// <summary>Every run.</summary>
    public static RunScope Everyone { get; } = new(null, null, null);

    /// <summary>The user whose runs they are, or null.</summary>
    public string? UserId { get; }

    /// <summary>The session whose runs they are, or null.</summary>
    public string? SessionId { get; }

    /// <summary>The team whose runs they are, or null.</summary>
    public string? TeamId { get; }

    /// <summary>The runs of one user.</summary>
    public static RunScope OfUser(string userId) => new(userId, null, null);

    /// <summary>The runs of one session.</summary>
    public static RunScope OfSession(string sessionId) => new(null, sessionId, null);

    /// <summary>The runs of one team.</summary>
    public static RunScope OfTeam(string teamId) => new(null, null, teamId);

    /// <summary>True for a run of the scope.</summary>
    public bool Holds(RunSummary run) =>
        (UserId is null || UserId == run.UserId)
        && (SessionId is null || SessionId == run.SessionId)
        && (TeamId is null || TeamId == run.TeamId);
}
