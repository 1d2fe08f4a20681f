using Copilot.Web.Security;
using static Copilot.Web.Api.CopilotApi;

namespace Copilot.Web.Api.Retention;

/// <summary>The addresses of the API for retention rules and legal holds.</summary>
internal static class RetentionRoutes
{
    /// <summary>Maps them below <c>/api</c>.</summary>
    public static void MapRetention(this RouteGroupBuilder api)
    {
        api.MapGet("/retention/rules", (HttpContext context, RetentionEndpoint retention) => retention.RulesAsync(context, Caller(context)))
            .WithSummary("How long conversations stay: the rules about agents and sessions.").Needs(ApiScopes.RetentionRead).Answers<RetentionRuleList>(200, 404);
        api.MapPut("/retention/rules/{scope}/{id}", (HttpContext context, RetentionEndpoint retention, string scope, string id, JsonBody<RetentionRuleBody> body) =>
                retention.SetRuleAsync(context, Caller(context), scope, id, body))
            .WithSummary("Sets how long an agent's conversations or one session stay.")
            .Needs(ApiScopes.RetentionWrite)
            .Answers<RetentionRuleDocument>(200, 400, 404, 413, 415, 503);
        api.MapDelete("/retention/rules/{scope}/{id}", (HttpContext context, RetentionEndpoint retention, string scope, string id) =>
                retention.RemoveRuleAsync(context, Caller(context), scope, id))
            .WithSummary("Removes a rule: the next wider one counts.").Needs(ApiScopes.RetentionWrite).Answers<RetentionRuleDocument>(200, 404, 503);
        api.MapGet("/retention/holds", (HttpContext context, RetentionEndpoint retention) => retention.HoldsAsync(context, Caller(context)))
            .WithSummary("The legal holds, those in force first.").Needs(ApiScopes.RetentionRead).Answers<LegalHoldList>(200, 404);
        api.MapPost("/retention/holds", (HttpContext context, RetentionEndpoint retention, JsonBody<LegalHoldBody> body) =>
                retention.HoldAsync(context, Caller(context), body))
            .WithSummary("Sets a legal hold on a session or on all of a person: nothing under it is deleted.")
            .Needs(ApiScopes.RetentionWrite)
            .Answers<LegalHoldDocument>(201, 400, 404, 413, 415, 503);
        api.MapDelete("/retention/holds/{id}", (HttpContext context, RetentionEndpoint retention, string id) => retention.LiftAsync(context, Caller(context), id))
            .WithSummary("Lifts a legal hold. What was asked for meanwhile is deleted then.")
            .Needs(ApiScopes.RetentionWrite)
            .Answers<LegalHoldDocument>(200, 404, 409, 503);
    }
}
