using System.Globalization;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Supervision.Incident;

namespace Copilot.Web.Components.Incident;

/// <summary>Sentences about the levers for an incident.</summary>
internal static class IncidentText
{
    public const string Incident = "Incident";
    public const string Open = "Incident…";
    public const string Cancel = "Cancel";
    public const string Reason = "Reason";
    public const string NotDone = "This couldn't be done. You can try again.";
    public const string SignedOut = "You are signed out. Sign in again.";
    public const string DeniedTitle = "This page is for supervisors";
    public const string Denied = "Your account can't stop other people's runs.";
    public const string Loading = "Loading what is stopped";
    public const string NotLoadedTitle = "The levers couldn't be loaded";
    public const string NotLoaded = "What is stopped can't be read at the moment. Trying again…";
    public const string GoToConversations = "Go to your conversations";

    public const string SetNow = "Stopped now";
    public const string NothingSet = "Nothing is stopped. All agents take requests, and all tools are on.";
    public const string Undo = "Undo";
    public const string Undone = "Undone. It works again.";

    public const string StopAll = "Stop all new requests";
    public const string StopAllDetails = "Nobody can start anything new. What runs and what is queued goes on. Everybody who tries reads your reason.";
    public const string StopAllDone = "New requests are stopped.";
    public const string StopAgent = "Stop new requests to an agent";
    public const string Agent = "Agent";
    public const string SwitchOff = "Switch a tool off";
    public const string SwitchOffDetails = "No run can call it from now on: calls that have started end, all others are not carried out, and the model is told.";
    public const string SwitchOffDone = "The tool is switched off.";
    public const string Tool = "Tool";
    public const string SwitchOffVerb = "Switch off";
    public const string StopVerb = "Stop";

    public const string StopRuns = "Stop what is running";
    public const string StopShown = "Stop running work…";
    public const string NoRuns = "Nothing is running that you could stop.";
    public const string StoppingLabel = "Runs stopped so far";
    public const string Close = "Close";

    /// <summary>The preview.</summary>
    public static string StopPreview(int count) => count == 1 ? "This run will be stopped:" : $"These {count} runs will be stopped:";

    /// <summary>One run of the preview.</summary>
    public static string Run(RunSummary run, string person) =>
        run.Input.Length == 0 ? $"{person}, {run.AgentName}" : $"{person}, {run.AgentName}: {Short(run.Input)}";

    /// <summary>How far a bulk stop is.</summary>
    public static string Progress(BulkStopResult done, int count) => $"{done.Count} of {count}";

    /// <summary>What a bulk stop has done.</summary>
    public static string Result(BulkStopResult done)
    {
        var stopped = done.Stopped == 1 ? "1 run was stopped." : $"{done.Stopped} runs were stopped.";
        var ended = done.Ended switch
        {
            0 => "",
            1 => " 1 had ended before.",
            _ => $" {done.Ended} had ended before.",
        };
        var failed = done.Failed == 0 ? "" : $" {done.Failed} could not be stopped.";
        return stopped + ended + failed;
    }

    /// <summary>What a lever does, in the list of those that are set.</summary>
    /// <param name="lever">The lever.</param>
    /// <param name="name">Name of the agent or title of the tool.</param>
    public static string Lever(Lever lever, string name) => lever.Kind switch
    {
        LeverKind.StopIntakeAll => "New requests are stopped",
        LeverKind.StopIntakeAgent => $"New requests to {name} are stopped",
        _ => $"{name} is switched off",
    };

    /// <summary>Who set it, and when.</summary>
    public static string By(Lever lever, TimeZoneInfo zone) =>
        $"{lever.SetBy}, {TimeZoneInfo.ConvertTime(lever.SetAt, zone).ToString("d MMM, HH:mm", CultureInfo.InvariantCulture)}";

    /// <summary>Whom it may interrupt.</summary>
    public static string StopAgentDetails(string agent) => $"Nobody can start anything new with {agent}. What runs goes on. Everybody who tries reads your reason.";

    /// <summary>The title of a dialog about a tool.</summary>
    public static string SwitchOffTitle(string tool) => $"Switch off: {tool}";

    /// <summary>The title of a dialog about an agent.</summary>
    public static string StopAgentTitle(string agent) => $"Stop new requests to {agent}";

    /// <summary>A button about one of several levers.</summary>
    public static string About(string verb, string name) => $"{verb}: {name}";

    private static string Short(string text) => text.Length <= 60 ? text : text[..(char.IsHighSurrogate(text[59]) ? 59 : 60)] + "…";
}
