using Copilot.Domain.Replay.Clock;

namespace Copilot.Web.Components.RunScreen.Player;

/// <summary>What a person chose for the player; the browser remembers it.</summary>
/// <param name="Settings">How a run is played.</param>
/// <param name="PlaysOn">Whether the next run of the conversation follows.</param>
public sealed record PlayerChoice(PlaybackSettings Settings, bool PlaysOn)
{
    /// <summary>Until somebody chooses.</summary>
    public static PlayerChoice Default { get; } = new(PlaybackSettings.Default, PlaysOn: true);

    /// <summary>What the browser remembered. Nothing of it is trusted.</summary>
    /// <param name="speed">How much faster than it was.</param>
    /// <param name="fit">The seconds that the whole run is to take, or null.</param>
    /// <param name="skipsIdle">Whether long waits are passed quickly.</param>
    /// <param name="playsOn">Whether the next run follows.</param>
    public static PlayerChoice Remembered(double speed, int? fit, bool skipsIdle, bool playsOn) => new(
        new PlaybackSettings(
            PlaybackSettings.Speeds.Contains(speed) ? speed : 1,
            fit is { } seconds && PlayerText.Fits.Contains(seconds) ? TimeSpan.FromSeconds(seconds) : null,
            skipsIdle),
        playsOn);

    /// <summary>The same at this speed.</summary>
    public PlayerChoice At(double speed) => this with { Settings = Settings with { Speed = speed, Fit = null } };

    /// <summary>The same with the whole run in this many seconds.</summary>
    public PlayerChoice In(int seconds) => this with { Settings = Settings with { Speed = 1, Fit = TimeSpan.FromSeconds(seconds) } };

    /// <summary>The same with the next slower or faster speed.</summary>
    /// <param name="speed">The speed now.</param>
    /// <param name="by">Below zero for a slower one, above it for a faster one.</param>
    public PlayerChoice Beside(double speed, int by)
    {
        var speeds = PlaybackSettings.Speeds;
        var place = Enumerable.Range(0, speeds.Count).MinBy(one => Math.Abs(Math.Log(speeds[one] / speed)));
        return At(speeds[Math.Clamp(place + Math.Sign(by), 0, speeds.Count - 1)]);
    }
}
