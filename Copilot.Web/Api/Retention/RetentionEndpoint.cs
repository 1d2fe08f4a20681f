using Copilot.Domain.Audit;
using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Retention;
using Copilot.Web.Api.Runs;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Runs.Personal;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Api.Retention;

/// <summary><c>/api/retention</c>: how long conversations stay, and which must stay. For everybody but admins there is no such address.</summary>
internal sealed class RetentionEndpoint(RetentionService retention, RetentionAdministration administration, IAccessLog log, IOptions<RetentionOptions> options)
{
    /// <summary>The scope of rules about an agent, in addresses and documents.</summary>
    public const string Agent = "agent";

    /// <summary>The scope of rules about one session.</summary>
    public const string Session = "session";

    /// <summary>The rules.</summary>
    public async Task<IResult> RulesAsync(HttpContext context, ApiCaller caller) =>
        await retention.ListRulesAsync(caller.User.Id, context.RequestAborted) is { } rules
            ? Json(new RetentionRuleList(options.Value.Days, [.. rules.Select(RetentionRuleDocument.From)]))
            : ApiProblem.NotFound();

    /// <summary>Sets one in place of an earlier one about the same.</summary>
    public async Task<IResult> SetRuleAsync(HttpContext context, ApiCaller caller, string scope, string id, JsonBody<RetentionRuleBody> body)
    {
        if (!IsAdmin(caller) || ScopeOf(scope) is not { } about)
        {
            return ApiProblem.NotFound();
        }

        if (!body.TryGet(out var asked, out var problem))
        {
            return problem;
        }

        if (asked.Days is null != asked.UntilClosed is true)
        {
            return ApiProblem.OfField(StatusCodes.Status400BadRequest, "days", ApiText.RetentionDaysInvalid);
        }

        var change = await administration.SetRuleAsync(caller.User.Id, about, id, asked.Days, Record(context, caller), context.RequestAborted);
        return change is RetentionChange.Done && await FindRuleAsync(caller, about, id, context.RequestAborted) is { } rule
            ? Json(RetentionRuleDocument.From(rule))
            : ApiProblem.NotFound();
    }

    /// <summary>Removes one.</summary>
    public async Task<IResult> RemoveRuleAsync(HttpContext context, ApiCaller caller, string scope, string id)
    {
        if (ScopeOf(scope) is not { } about || await FindRuleAsync(caller, about, id, context.RequestAborted) is not { } rule)
        {
            return ApiProblem.NotFound();
        }

        return await administration.RemoveRuleAsync(caller.User.Id, about, id, Record(context, caller), context.RequestAborted) is RetentionChange.Done
            ? Json(RetentionRuleDocument.From(rule))
            : ApiProblem.NotFound();
    }

    /// <summary>The holds.</summary>
    public async Task<IResult> HoldsAsync(HttpContext context, ApiCaller caller) =>
        await retention.ListHoldsAsync(caller.User.Id, context.RequestAborted) is { } holds
            ? Json(new LegalHoldList([.. holds.Select(LegalHoldDocument.From)]))
            : ApiProblem.NotFound();

    /// <summary>Sets one.</summary>
    public async Task<IResult> HoldAsync(HttpContext context, ApiCaller caller, JsonBody<LegalHoldBody> body)
    {
        if (!IsAdmin(caller))
        {
            return ApiProblem.NotFound();
        }

        if (!body.TryGet(out var asked, out var problem))
        {
            return problem;
        }

        if (string.IsNullOrEmpty(asked.SessionId) == string.IsNullOrEmpty(asked.PersonId))
        {
            return ApiProblem.OfField(StatusCodes.Status400BadRequest, "session_id", ApiText.HoldSubjectInvalid);
        }

        var (change, hold) = await administration.HoldAsync(
            caller.User.Id,
            asked.SessionId is { Length: > 0 } session ? session : null,
            asked.PersonId is { Length: > 0 } person ? person : null,
            asked.Reason!,
            Record(context, caller),
            context.RequestAborted);
        return hold is not null ? Json(LegalHoldDocument.From(hold), StatusCodes.Status201Created)
            : change is RetentionChange.Invalid ? ApiProblem.OfField(StatusCodes.Status400BadRequest, "reason", ApiText.LeverReasonMissing)
            : ApiProblem.NotFound();
    }

    /// <summary>Lifts one.</summary>
    public async Task<IResult> LiftAsync(HttpContext context, ApiCaller caller, string id)
    {
        if (await FindHoldAsync(caller, id, context.RequestAborted) is not { } hold)
        {
            return ApiProblem.NotFound();
        }

        if (hold.LiftedAt is null
            && await administration.LiftAsync(caller.User.Id, hold, Record(context, caller), context.RequestAborted) is RetentionChange.Done
            && await FindHoldAsync(caller, id, context.RequestAborted) is { } lifted)
        {
            return Json(LegalHoldDocument.From(lifted));
        }

        return ApiProblem.Of(StatusCodes.Status409Conflict, ApiText.HoldLifted);
    }

    private async Task<RetentionRule?> FindRuleAsync(ApiCaller caller, RetentionScope scope, string id, CancellationToken cancellationToken) =>
        (await retention.ListRulesAsync(caller.User.Id, cancellationToken))?.FirstOrDefault(rule => rule.Scope == scope && rule.SubjectId == id);

    private async Task<LegalHold?> FindHoldAsync(ApiCaller caller, string id, CancellationToken cancellationToken) =>
        (await retention.ListHoldsAsync(caller.User.Id, cancellationToken))?.FirstOrDefault(hold => hold.Id == id);

    private static bool IsAdmin(ApiCaller caller) => caller.User.Role == Roles.Admin;

    private static RetentionScope? ScopeOf(string scope) => scope switch
    {
        Agent => RetentionScope.Agent,
        Session => RetentionScope.Session,
        _ => null,
    };

    private RetentionAdministration.Record Record(HttpContext context, ApiCaller caller) => (objectId, what) => log.RecordAsync(
        new AccessEntry
        {
            Action = AccessActions.RetentionChanged,
            ActorId = caller.User.Id,
            ActorName = caller.User.DisplayName,
            ActorRole = caller.User.Role,
            KeyId = caller.KeyId,
            Address = CallerAddress.Of(context) ?? "API",
            ObjectId = objectId,
            After = what,
        },
        context.RequestAborted);

    private static JsonHttpResult<T> Json<T>(T document, int status = StatusCodes.Status200OK) =>
        TypedResults.Json(document, ApiJson.Default.Options, statusCode: status);
}
