using System.Globalization;

namespace Copilot.Domain.Settings;

/// <summary>A number in a range, both ends included.</summary>
/// <param name="minimum">The least.</param>
/// <param name="maximum">The most.</param>
public sealed class BetweenAttribute(double minimum, double maximum)
    : SettingAttribute(string.Create(CultureInfo.InvariantCulture, $"{minimum:#,##0.######} to {maximum:#,##0.######}"))
{
    /// <summary>The least.</summary>
    public double Minimum { get; } = minimum;

    /// <summary>The most.</summary>
    public double Maximum { get; } = maximum;

    /// <inheritdoc/>
    protected override bool Fits(object value) =>
        Convert.ToDouble(value, CultureInfo.InvariantCulture) is var number && number >= Minimum && number <= Maximum;
}
