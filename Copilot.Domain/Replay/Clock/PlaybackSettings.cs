namespace Copilot.Domain.Replay.Clock;

/// <summary>How a run is played.</summary>
/// <param name="Speed">How much faster than it was, <see cref="Slowest"/> to <see cref="Fastest"/>.</param>
/// <param name="Fit">The time that the whole run is to take, in place of a speed; null for the speed.</param>
/// <param name="SkipsIdle">Whether long times in which nothing was recorded are passed quickly.</param>
public sealed record PlaybackSettings(double Speed, TimeSpan? Fit, bool SkipsIdle)
{
    /// <summary>Half as fast as it was.</summary>
    public const double Slowest = 0.5;

    /// <summary>64 times as fast as it was.</summary>
    public const double Fastest = 64;

    /// <summary>As it was, without long waits.</summary>
    public static PlaybackSettings Default { get; } = new(1, null, SkipsIdle: true);

    /// <summary>The speeds to choose from.</summary>
    public static IReadOnlyList<double> Speeds { get; } = [0.5, 1, 1.5, 2, 4, 8, 16, 32, 64];
}
