using System.ComponentModel.DataAnnotations;
using Copilot.Domain.Erasure;

namespace Copilot.Web.Api.Retention;

/// <summary>The body of <c>PUT /api/retention/rules/{scope}/{id}</c>.</summary>
[ValidatableType]
public sealed record RetentionRuleBody
{
    /// <summary>Days after the last activity, from 1; left out with <c>until_closed</c>.</summary>
    [Range(1, RetentionOptions.MostDays, ErrorMessage = ApiText.RetentionDaysInvalid)]
    public int? Days { get; init; }

    /// <summary>True: conversations stay until they are closed (archived).</summary>
    public bool? UntilClosed { get; init; }
}
