using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Registry;

/// <summary>On whose account a run takes a place.</summary>
/// <param name="UserId">Whose run it is.</param>
/// <param name="ApiKeyId">The API key that started it, or null.</param>
/// <param name="IsAdmin">True when an admin asks: the reserve is theirs.</param>
internal sealed record RunClaim(string UserId, string? ApiKeyId, bool IsAdmin)
{
    private const string AdminRole = "Admin";

    /// <summary>The claim of a new run.</summary>
    public static RunClaim Of(RunRequest request) => new(request.Owner.UserId, request.ApiKeyId, request.Actor.Role == AdminRole);

    /// <summary>The claim of an interrupted run that somebody resumes.</summary>
    public static RunClaim Of(RunSummary run, RunCommand.Resume resume) => new(run.UserId, run.ApiKeyId, resume.Actor.Role == AdminRole);

    /// <summary>The claim of an interrupted run that resumes by itself.</summary>
    public static RunClaim Of(RunSummary run) => new(run.UserId, run.ApiKeyId, IsAdmin: false);
}
