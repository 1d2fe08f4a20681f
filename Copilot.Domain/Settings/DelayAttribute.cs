using System.Globalization;

namespace Copilot.Domain.Settings;

/// <summary>A duration that may be nothing at all.</summary>
/// <param name="maximum">The longest, as <c>d.hh:mm:ss</c>.</param>
public sealed class DelayAttribute(string maximum) : SettingAttribute($"00:00:00 to {maximum}")
{
    /// <summary>The longest.</summary>
    public string Maximum { get; } = maximum;

    /// <inheritdoc/>
    protected override bool Fits(object value) =>
        value is TimeSpan duration && duration >= TimeSpan.Zero && duration <= TimeSpan.ParseExact(Maximum, "c", CultureInfo.InvariantCulture);
}
