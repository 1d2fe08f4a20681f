using System.ComponentModel.DataAnnotations;

namespace Copilot.Web.Api;

/// <summary>The body of <c>POST /api/runs/{id}/budget</c>.</summary>
[ValidatableType]
public sealed record RaiseBudgetBody
{
    /// <summary>How much more the run may cost, in units of the prices' currency.</summary>
    [Required(ErrorMessage = ApiText.AmountMissing)]
    [MustBe(AmountOfMoneyAttribute.Form)]
    [AmountOfMoney]
    public decimal? Amount { get; init; }

    /// <summary>Why; the run's owner reads it. Only the owner may leave it out.</summary>
    [MaxLength(500, ErrorMessage = ApiText.ReasonTooLong)]
    public string? Reason { get; init; }
}
