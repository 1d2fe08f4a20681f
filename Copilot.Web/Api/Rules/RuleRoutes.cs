using Copilot.Web.Security;
using static Copilot.Web.Api.CopilotApi;

namespace Copilot.Web.Api.Rules;

/// <summary>The addresses of the API for rules of supervisors.</summary>
internal static class RuleRoutes
{
    /// <summary>Maps them below <c>/api</c>.</summary>
    public static void MapRules(this RouteGroupBuilder api)
    {
        api.MapGet("/rules", (HttpContext context, RuleEndpoint rules) => rules.ListAsync(context, Caller(context)))
            .WithSummary("The rules about runs that the caller supervises, newest first.").Needs(ApiScopes.RulesRead).Answers<RuleList>(200, 404);
        api.MapPost("/rules/try", (HttpContext context, RuleEndpoint rules, JsonBody<RuleBody> body) => rules.TryAsync(context, Caller(context), body))
            .WithSummary("Tries a rule on the runs of the last seven days. Nothing is saved.")
            .Needs(ApiScopes.RulesRead)
            .Answers<RuleTrialDocument>(200, 400, 404, 413, 415);
        api.MapPost("/rules", (HttpContext context, RuleEndpoint rules, JsonBody<RuleBody> body) => rules.CreateAsync(context, Caller(context), body))
            .WithSummary("Writes a rule, which counts at once for every run.").Needs(ApiScopes.RulesWrite).Answers<RuleDocument>(201, 400, 404, 409, 413, 415, 503);
        api.MapPut("/rules/{id}", (HttpContext context, RuleEndpoint rules, string id, JsonBody<RuleBody> body) =>
                rules.ChangeAsync(context, Caller(context), id, body))
            .WithSummary("Makes a rule another, or switches it on or off.").Needs(ApiScopes.RulesWrite).Answers<RuleDocument>(200, 400, 404, 409, 413, 415, 503);
        api.MapDelete("/rules/{id}", (HttpContext context, RuleEndpoint rules, string id) => rules.RemoveAsync(context, Caller(context), id))
            .WithSummary("Removes a rule.").Needs(ApiScopes.RulesWrite).Answers<RuleDocument>(200, 404, 503);
    }
}
