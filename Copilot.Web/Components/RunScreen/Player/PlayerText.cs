using System.Globalization;
using Copilot.Domain.Replay.Clock;
using Copilot.Domain.Replay.Stops;
using Copilot.Domain.Timeline.Queries;
using Copilot.Web.Components.Timeline.Shared;

namespace Copilot.Web.Components.RunScreen.Player;

/// <summary>What the player of a run says.</summary>
internal static class PlayerText
{
    public const string Player = "Player";
    public const string Play = "Play";
    public const string Pause = "Pause";
    public const string Position = "Position";
    public const string Speed = "Speed";
    public const string SkipWaits = "Skip waits";
    public const string PlayOn = "Continue with the next run";
    public const string PlayOnTitle = "When this run ends, play the next run of the conversation";
    public const string StepBy = "Step by";
    public const string Follow = "Follow the player";

    // Keys.
    public const string Keys = "In a replay";
    public const string KeyPlay = "Play and pause";
    public const string KeyEvent = "One event back, one on";
    public const string KeyMarker = "Marker before, marker after: errors, approvals, interventions, comments";
    public const string KeyTurn = "Turn before, turn after";
    public const string KeyTenths = "That many tenths of the run";
    public const string KeySeconds = "5 seconds back, 5 on";
    public const string KeyPart = "A tenth of the run back, a tenth on";
    public const string KeySpeed = "Slower, faster";
    public const string KeyNeighbor = "Previous and next run in the list that it was opened from, or on the live wall";

    /// <summary>The times that a whole run can be fitted to, in seconds.</summary>
    public static IReadOnlyList<int> Fits { get; } = [10, 30, 60];

    /// <summary>A speed in the menu.</summary>
    public static string SpeedOf(double speed) => $"{speed.ToString("0.##", CultureInfo.InvariantCulture)}×";

    /// <summary>A time that the whole run is fitted to.</summary>
    public static string FitOf(int seconds) => $"Whole run in {seconds.ToString(CultureInfo.InvariantCulture)} s";

    /// <summary>What is stepped by.</summary>
    public static string Of(StopKind kind) => kind switch
    {
        StopKind.Event => "Smallest step",
        StopKind.Tool => "Tool",
        StopKind.Turn => "Turn",
        StopKind.Marker => "Marker",
        StopKind.Error => "Error",
        StopKind.Approval => "Approval",
        StopKind.Comment => "Comment",
        _ => "Intervention",
    };

    /// <summary>Goes to the one before.</summary>
    public static string Previous(StopKind kind) => $"Previous {Of(kind).ToLowerInvariant()}";

    /// <summary>Goes to the one after.</summary>
    public static string Next(StopKind kind) => $"Next {Of(kind).ToLowerInvariant()}";

    /// <summary>A wait that is passed quickly: how long it was and what for.</summary>
    /// <param name="wait">The wait.</param>
    /// <param name="doing">What the run did when it began.</param>
    /// <param name="names">What tools are called.</param>
    public static string Wait(PlaybackSegment wait, TimelineActivity doing, TimelineNames names) =>
        $"{TimelineFigures.Duration(wait.RunLength)} {WaitedFor(wait.Wait ?? WaitReason.Nothing, doing, names)}";

    /// <summary>The place of the playhead, for the slider.</summary>
    public static string Place(DateTimeOffset at, TimeZoneInfo zone, int step, string doing) => string.Join(
        ", ",
        ((string[])
        [
            TimeZoneInfo.ConvertTime(at, zone).ToString("HH:mm:ss", CultureInfo.InvariantCulture),
            $"step {step.ToString(CultureInfo.InvariantCulture)}",
            doing,
        ]).Where(part => part.Length > 0));

    /// <summary>A tool that is under way, for the slider.</summary>
    public static string Tool(string name) => $"tool {name}";

    /// <summary>A time in the run: 1:02:03.</summary>
    public static string Time(TimeSpan time) => time.TotalHours >= 1
        ? time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)
        : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);

    private static string WaitedFor(WaitReason reason, TimelineActivity doing, TimelineNames names) => (reason, doing.Kind) switch
    {
        (WaitReason.Person, ActivityKind.WaitingForPerson) => "for approval",
        (WaitReason.Person, ActivityKind.WaitingForAnswer) => "for an answer",
        (WaitReason.Person, _) => "for a person",
        (WaitReason.Tool, ActivityKind.Tool) => $"for {names.Subject(doing.Intent, doing.Subject)}",
        (WaitReason.Tool, _) => "for a tool",
        (WaitReason.Model, _) => "for the model",
        (WaitReason.Transport, _) => "for the connection",
        _ => "in which nothing happened",
    };
}
