using Copilot.Domain.Erasure.Retention;
using Copilot.Web.Api.Runs;

namespace Copilot.Web.Api.Retention;

/// <summary>How long conversations stay, as the API shows it.</summary>
/// <param name="Scope"><c>agent</c> or <c>session</c>.</param>
/// <param name="Id">The agent or the session.</param>
/// <param name="Days">Days after the last activity; null for until it is closed.</param>
/// <param name="UntilClosed">True for until it is closed.</param>
/// <param name="SetBy">Who set it.</param>
/// <param name="SetAt">When.</param>
internal sealed record RetentionRuleDocument(string Scope, string Id, int? Days, bool UntilClosed, string SetBy, string SetAt)
{
    /// <summary>The document of a rule.</summary>
    public static RetentionRuleDocument From(RetentionRule rule) => new(
        rule.Scope is RetentionScope.Agent ? RetentionEndpoint.Agent : RetentionEndpoint.Session,
        rule.SubjectId, rule.Days, rule.Days is null, rule.SetBy, ApiTime.Format(rule.SetAt));
}

/// <summary>The rules, those of agents first.</summary>
/// <param name="DefaultDays">How many days conversations without a rule stay; null for ever.</param>
/// <param name="Rules">The rules.</param>
internal sealed record RetentionRuleList(int? DefaultDays, IReadOnlyList<RetentionRuleDocument> Rules);

/// <summary>A legal hold, as the API shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="SessionId">The conversation; null for a person's.</param>
/// <param name="PersonId">The person; null for one conversation.</param>
/// <param name="Reason">Why.</param>
/// <param name="SetBy">Who set it.</param>
/// <param name="SetAt">When.</param>
/// <param name="LiftedBy">Who lifted it; null while it is in force.</param>
/// <param name="LiftedAt">When, or null.</param>
internal sealed record LegalHoldDocument(
    string Id, string? SessionId, string? PersonId, string Reason, string SetBy, string SetAt, string? LiftedBy, string? LiftedAt)
{
    /// <summary>The document of a hold.</summary>
    public static LegalHoldDocument From(LegalHold hold) => new(
        hold.Id,
        hold.SessionId,
        hold.UserId,
        hold.Reason,
        hold.SetBy,
        ApiTime.Format(hold.SetAt),
        hold.LiftedBy,
        hold.LiftedAt is { } at ? ApiTime.Format(at) : null);
}

/// <summary>The holds, those in force first, then the newest.</summary>
/// <param name="Holds">The holds.</param>
internal sealed record LegalHoldList(IReadOnlyList<LegalHoldDocument> Holds);
