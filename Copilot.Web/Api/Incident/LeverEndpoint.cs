using Copilot.Web.Api.Runs;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Runs;
using Copilot.Web.Supervision.Incident;

namespace Copilot.Web.Api.Incident;

/// <summary><c>/api/levers</c>: what an admin does in an incident. For everybody else there is no such address.</summary>
internal sealed class LeverEndpoint(Levers levers, LeverTargets targets)
{
    private const int MaxCount = 200;

    /// <summary>The newest levers.</summary>
    public async Task<IResult> ListAsync(HttpContext context, ApiCaller caller) =>
        await levers.ReadAsync(By(context, caller), MaxCount, context.RequestAborted) is { } found
            ? TypedResults.Json(new LeverList([.. found.Select(LeverDocument.From)]), ApiJson.Default.Options)
            : ApiProblem.NotFound();

    /// <summary>Sets one.</summary>
    public async Task<IResult> SetAsync(HttpContext context, ApiCaller caller, JsonBody<LeverBody> body)
    {
        if (caller.User.Role != Roles.Admin)
        {
            return ApiProblem.NotFound();
        }

        if (!body.TryGet(out var asked, out var problem))
        {
            return problem;
        }

        var (kind, target) = (LeverKinds.Parse(asked.Kind)!.Value, asked.Target ?? "");
        if (await targets.FindProblemAsync(kind, target, context.RequestAborted) is { } wrong)
        {
            return ApiProblem.OfField(StatusCodes.Status400BadRequest, "target", wrong);
        }

        return Answer(await levers.SetAsync(By(context, caller), kind, target, asked.Reason!, context.RequestAborted), StatusCodes.Status201Created);
    }

    /// <summary>Undoes one.</summary>
    public async Task<IResult> UndoAsync(HttpContext context, ApiCaller caller, string id) =>
        Answer(await levers.UndoAsync(By(context, caller), id, context.RequestAborted), StatusCodes.Status200OK);

    // A conflict says who was first; the lever itself is in the list.
    private static IResult Answer(LeverChange change, int status) => change.Result.Accepted
        ? TypedResults.Json(LeverDocument.From(change.Lever!), ApiJson.Default.Options, statusCode: status)
        : CommandProblem.Of(change.Result, conflict: change.Result.Problem!);

    private static ChangedBy By(HttpContext context, ApiCaller caller) =>
        new(caller.User.Id, caller.User.DisplayName, CallerAddress.Of(context) ?? "API") { KeyId = caller.KeyId };
}
