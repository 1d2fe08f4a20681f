using Copilot.Domain.Audit;
using Copilot.Web.Api.Runs;
using Copilot.Web.Audit;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Runs;
using Copilot.Web.Supervision.Rules;

namespace Copilot.Web.Api.Rules;

/// <summary><c>/api/rules</c>: what supervisors have runs watched for. For everybody else there is no such address.</summary>
internal sealed class RuleEndpoint(SupervisionRules rules, RuleTrial trial, RequestReads reads)
{
    /// <summary>The rules about runs that the caller supervises.</summary>
    public async Task<IResult> ListAsync(HttpContext context, ApiCaller caller) =>
        await rules.ReadAsync(caller.User.Id, context.RequestAborted) is { } found
            ? TypedResults.Json(new RuleList([.. found.Select(RuleDocument.From)]), ApiJson.Default.Options)
            : ApiProblem.NotFound();

    /// <summary>Tries one on the past.</summary>
    public async Task<IResult> TryAsync(HttpContext context, ApiCaller caller, JsonBody<RuleBody> body)
    {
        if (!TryGet(caller, body, out var asked, out var problem))
        {
            return problem;
        }

        var (result, found) = await trial.RunAsync(caller.User.Id, asked.ToDraft(), static _ => { }, context.RequestAborted);
        if (found is null)
        {
            return Problem(result);
        }

        if (found.OthersShownTo(caller.User.Id) is > 0 and var shown)
        {
            await reads.OfSeveralAsync(AccessActions.RuleTried, caller.User.Id, found.What, SupervisionRulesText.Shown(shown), context.RequestAborted);
        }

        return TypedResults.Json(RuleTrialDocument.From(found), ApiJson.Default.Options);
    }

    /// <summary>Writes one.</summary>
    public async Task<IResult> CreateAsync(HttpContext context, ApiCaller caller, JsonBody<RuleBody> body) => TryGet(caller, body, out var asked, out var problem)
        ? Answer(await rules.CreateAsync(By(context, caller), asked.ToDraft(), context.RequestAborted), StatusCodes.Status201Created)
        : problem;

    /// <summary>Makes one another.</summary>
    public async Task<IResult> ChangeAsync(HttpContext context, ApiCaller caller, string id, JsonBody<RuleBody> body) =>
        TryGet(caller, body, out var asked, out var problem)
            ? Answer(await rules.ChangeAsync(By(context, caller), id, asked.ToDraft(), context.RequestAborted), StatusCodes.Status200OK)
            : problem;

    /// <summary>Removes one.</summary>
    public async Task<IResult> RemoveAsync(HttpContext context, ApiCaller caller, string id) =>
        Answer(await rules.RemoveAsync(By(context, caller), id, context.RequestAborted), StatusCodes.Status200OK);

    // Who supervises nothing is told nothing about what they sent.
    private static bool TryGet(
        ApiCaller caller,
        JsonBody<RuleBody> body,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RuleBody? asked,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out IResult? problem)
    {
        if (caller.User.Role is Roles.Supervisor or Roles.Admin)
        {
            return body.TryGet(out asked, out problem);
        }

        (asked, problem) = (null, ApiProblem.NotFound());
        return false;
    }

    private static IResult Answer(RuleChange change, int status) => change.Result.Accepted
        ? TypedResults.Json(RuleDocument.From(change.Rule!), ApiJson.Default.Options, statusCode: status)
        : Problem(change.Result);

    private static IResult Problem(CommandResult result) => result.Code is RefusalCode.Invalid && result.Problems is [{ Field: { } field }, ..]
        ? ApiProblem.OfField(StatusCodes.Status400BadRequest, field == "micros" ? "cost" : field, result.Problem!)
        : CommandProblem.Of(result, conflict: result.Problem!);

    private static ChangedBy By(HttpContext context, ApiCaller caller) =>
        new(caller.User.Id, caller.User.DisplayName, CallerAddress.Of(context) ?? "API") { KeyId = caller.KeyId };
}
