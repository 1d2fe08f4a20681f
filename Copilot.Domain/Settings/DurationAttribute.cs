using System.Globalization;

namespace Copilot.Domain.Settings;

/// <summary>A duration of more than nothing, up to one day unless another most is named.</summary>
/// <param name="maximum">The longest, as <c>d.hh:mm:ss</c>.</param>
public sealed class DurationAttribute(string maximum) : SettingAttribute($"more than 00:00:00 and at most {maximum}")
{
    /// <summary>Of at most one day.</summary>
    public DurationAttribute()
        : this("1.00:00:00")
    {
    }

    /// <summary>The longest.</summary>
    public string Maximum { get; } = maximum;

    /// <inheritdoc/>
    protected override bool Fits(object value) =>
        value is TimeSpan duration && duration > TimeSpan.Zero && duration <= TimeSpan.ParseExact(Maximum, "c", CultureInfo.InvariantCulture);
}
