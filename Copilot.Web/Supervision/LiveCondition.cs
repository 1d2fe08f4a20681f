using System.Globalization;
using Copilot.Domain.Costs;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Supervision;

namespace Copilot.Web.Supervision;

/// <summary>One condition of a <see cref="LiveFilter"/>.</summary>
/// <param name="Field">What it looks at.</param>
/// <param name="IsNot">True where it holds for what does not match.</param>
/// <param name="Value">What it looks for, in any case; for <see cref="LiveField.Age"/> and <see cref="LiveField.Cost"/> a number.</param>
public sealed record LiveCondition(LiveField Field, bool IsNot, string Value)
{
    /// <summary>Its name in an address: <c>agent</c>, or <c>agent!</c> for "is not".</summary>
    public string Key => Field.ToString().ToLowerInvariant() + (IsNot ? "!" : "");

    /// <summary>The number that it compares with; null where there is none.</summary>
    public decimal? Number => decimal.TryParse(Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Whether a row fulfils it.</summary>
    public bool Holds(LiveRow row, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(row);
        return Matches(row, now) != IsNot;
    }

    private bool Matches(LiveRow row, DateTimeOffset now) => Field switch
    {
        LiveField.Person => Is(row.PersonName),
        LiveField.Team => Is(row.TeamName),
        LiveField.Agent => Is(row.Run.AgentName),
        LiveField.Tool => row.Run.ActiveTools.Any(tool => Is(tool.Name)) || row.Run.PendingApprovals.Any(approval => Is(approval.Name)),
        LiveField.State => Is(row.Assessment.Group.ToWire()) || Is(row.Run.Status.ToWire()) || row.Assessment.Signs.Any(sign => Is(sign.Kind.ToWire())),
        LiveField.Transport => Is(row.Run.Transport switch { TransportKind.WebSocket => "websocket", TransportKind.Http => "http", _ => "" }),
        LiveField.Age => Number is { } minutes && (decimal)(now - (row.Run.StartedAt ?? row.Run.CreatedAt)).TotalMinutes >= minutes,
        _ => Number is { } amount && Money.ToUnits(row.Run.CostSoFar.Micros) >= amount,
    };

    private bool Is(string text) => text.Equals(Value, StringComparison.OrdinalIgnoreCase);
}
