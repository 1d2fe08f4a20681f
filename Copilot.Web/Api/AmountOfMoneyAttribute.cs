using System.ComponentModel.DataAnnotations;
using Copilot.Domain.Costs;

namespace Copilot.Web.Api;

/// <summary>An amount of money: in JSON a number in units of the prices' currency, inside whole micro-units. Null passes.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AmountOfMoneyAttribute : ValidationAttribute
{
    /// <summary>An amount in words, as it completes "must be".</summary>
    public const string Form = ApiText.AmountForm;

    private const decimal Least = 0.000001m;

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is null || (value is decimal units && units >= Least && units <= Money.ToUnits(Money.MaxMicros));

    /// <inheritdoc/>
    public override string FormatErrorMessage(string name) => $"'{BodyShape.FieldOf(name)}' must be {Form}.";
}
