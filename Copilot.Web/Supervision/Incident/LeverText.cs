using System.Globalization;

namespace Copilot.Web.Supervision.Incident;

/// <summary>What people read about levers: why a request is not accepted, and why a lever is not changed.</summary>
internal static class LeverText
{
    public const string ReasonMissing = "Say why, in a few words. Everybody who is affected reads it.";
    public const string AdminsOnly = "Only an admin can change this.";
    public const string Gone = "This lever does not exist.";
    public const string TargetMissing = "Say which one.";
    public const string TargetNotExpected = "'target' can't be used with stop_intake_all.";

    /// <summary>The reason is too long.</summary>
    public static string ReasonTooLong(int length, int limit) =>
        FormattableString.Invariant($"Your reason has {length:N0} characters. The limit is {limit:N0}.");

    /// <summary>There is no such tool or agent.</summary>
    public static string UnknownTarget(string target) => $"There is no '{target}'.";

    /// <summary>Somebody else was quicker.</summary>
    public static string SetBefore(Lever lever) => $"{lever.SetBy} has done this already: {lever.Reason}";

    /// <summary>Somebody has undone it before.</summary>
    public static string UndoneBefore(Lever lever) => $"{lever.UndoneBy} has undone this already.";

    /// <summary>A number of runs.</summary>
    public static string Runs(int count) => count == 1 ? "1 run" : FormattableString.Invariant($"{count:N0} runs");

    /// <summary>Why a new request is not accepted.</summary>
    /// <param name="lever">The lever.</param>
    /// <param name="zone">The reader's zone; null where it is not known.</param>
    public static string Refusal(Lever lever, TimeZoneInfo? zone) =>
        $"{lever.SetBy} stopped new requests at {Moment(lever.SetAt, zone)}: {lever.Reason}";

    private static string Moment(DateTimeOffset at, TimeZoneInfo? zone) => zone is null
        ? at.ToUniversalTime().ToString("HH:mm 'UTC'", CultureInfo.InvariantCulture)
        : TimeZoneInfo.ConvertTime(at, zone).ToString("HH:mm", CultureInfo.InvariantCulture);
}
