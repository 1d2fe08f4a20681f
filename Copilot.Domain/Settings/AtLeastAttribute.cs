using System.Globalization;

namespace Copilot.Domain.Settings;

/// <summary>A number from a least one upwards.</summary>
/// <param name="minimum">The least.</param>
public sealed class AtLeastAttribute(double minimum)
    : SettingAttribute(string.Create(CultureInfo.InvariantCulture, $"{minimum:#,##0.######} or more"))
{
    /// <summary>The least.</summary>
    public double Minimum { get; } = minimum;

    /// <inheritdoc/>
    protected override bool Fits(object value) =>
        Convert.ToDouble(value, CultureInfo.InvariantCulture) is var number && double.IsFinite(number) && number >= Minimum;
}
