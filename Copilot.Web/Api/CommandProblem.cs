using Copilot.Web.Runs;

namespace Copilot.Web.Api;

/// <summary>What a refused command answers over HTTP.</summary>
internal static class CommandProblem
{
    private static readonly TimeSpan s_storageRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_spaceRetry = TimeSpan.FromMinutes(1);

    /// <summary>The problem of a refusal. Who may not do something is answered as if it did not exist.</summary>
    /// <param name="result">The refusal.</param>
    /// <param name="conflict">The sentence for a run or session that is not in a state in which this can be done.</param>
    public static IResult Of(CommandResult result, string conflict) => result.Code switch
    {
        RefusalCode.Denied or RefusalCode.NotFound => ApiProblem.NotFound(),
        RefusalCode.Conflict or RefusalCode.BeingDeleted or RefusalCode.Superseded => ApiProblem.Of(StatusCodes.Status409Conflict, conflict),
        RefusalCode.NeedsOther => ApiProblem.Of(StatusCodes.Status409Conflict, result.Problem!),
        RefusalCode.KeyReused => ApiProblem.Of(StatusCodes.Status422UnprocessableEntity, ApiText.KeyReused),
        RefusalCode.TooMany => ApiProblem.TooMany(result.Problem!, result.Limit, result.RetryAfter ?? s_storageRetry),
        RefusalCode.IntakeStopped => ApiProblem.TryLater(
            StatusCodes.Status503ServiceUnavailable, result.Problem!, code: "intake_stopped", s_spaceRetry),
        RefusalCode.DiskNearlyFull => ApiProblem.TryLater(StatusCodes.Status503ServiceUnavailable, result.Problem!, s_spaceRetry),
        RefusalCode.StorageUnavailable or RefusalCode.TimedOut => ApiProblem.TryLater(
            StatusCodes.Status503ServiceUnavailable, ApiText.StorageUnavailable, s_storageRetry),
        RefusalCode.Invalid when result.Problems[0].Field is { } field => ApiProblem.OfField(StatusCodes.Status400BadRequest, field, result.Problem!),
        _ => ApiProblem.BadRequest(result.Problem!),
    };
}
