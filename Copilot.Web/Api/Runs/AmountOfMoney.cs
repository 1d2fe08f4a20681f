using System.Text.Json;
using Copilot.Domain.Costs;

namespace Copilot.Web.Api.Runs;

/// <summary>Reads amounts of money: in JSON a number in units of the prices' currency, inside whole micro-units.</summary>
internal static class AmountOfMoney
{
    private const decimal Least = 0.000001m;

    /// <summary>An amount in micro-units, or null where it is missing or null.</summary>
    /// <exception cref="BodyException">It is no amount.</exception>
    public static long? Optional(JsonElement body, string name)
    {
        if (!body.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind is JsonValueKind.Number && value.TryGetDecimal(out var units)
            && units >= Least && units <= Money.ToUnits(Money.MaxMicros)
                ? Money.ToMicros(units)
                : throw new BodyException(ApiText.NotMoney(name, Least));
    }

    /// <summary>An amount in micro-units.</summary>
    /// <exception cref="BodyException">It is missing, or no amount.</exception>
    public static long Needed(JsonElement body, string name) => Optional(body, name)
        ?? throw new BodyException(ApiText.MoneyMissing(name));
}
