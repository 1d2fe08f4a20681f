using System.Globalization;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Files;
using Copilot.Web.Sessions.Importing;

namespace Copilot.Web.Components.RunScreen.Import;

/// <summary>What the page of a run from a file says.</summary>
internal static class ImportText
{
    public const string Title = "From a file";
    public const string OpenFile = "Open a file";
    public const string OpenAnother = "Open another file";
    public const string Close = "Close file";
    public const string AllRuns = "Runs of this file";
    public const string OrDrop = "You can also drop it here.";
    public const string Reading = "Reading the file";
    public const string Cancel = "Cancel";
    public const string Cancelled = "Reading was cancelled. Nothing was opened.";
    public const string NotRecorded = "From a file, not recorded here";
    public const string NotEnded = "The file ends before the run did.";
    public const string NothingOpened = "Nothing was opened";
    public const string WhatToDo = "Export the run again as “Events as lines of JSON”, or ask who gave you the file for another copy.";
    public const string ReadFailed = "The file couldn't be read to its end: the browser stopped sending it. Open it again.";
    public const string NotAllowed = "Files are opened by supervisors and admins. Your access has changed.";
    public const string OtherKind = "Only .jsonl files are opened: runs that were exported as “Events as lines of JSON”. Unpack an archive first; a web page that was exported plays in a browser.";
    public const string NoRoom = "Too many files are open at the moment. Close one, or try again in a while.";

    /// <summary>What the page is for.</summary>
    public static string Lead(long mostBytes) =>
        $"Look at a run that was exported here or elsewhere as lines of JSON: a .jsonl file of up to {FileSize.Format(mostBytes)}. It is not stored, and it is gone when you close this page.";

    /// <summary>How far the reading is.</summary>
    public static string Progress(long read, long size) => $"{FileSize.Format(read)} of {FileSize.Format(size)}";

    /// <summary>A file that is larger than is opened.</summary>
    public static string TooLarge(long mostBytes) => $"The file is larger than {FileSize.Format(mostBytes)}. Export a single run, or part of it.";

    /// <summary>Why a file is not read.</summary>
    public static string Refused(ImportRefusal refusal, long mostBytes) => refusal switch
    {
        ImportRefusal.NotAllowed => NotAllowed,
        ImportRefusal.OtherKind => OtherKind,
        ImportRefusal.TooLarge => TooLarge(mostBytes),
        _ => NoRoom,
    };

    /// <summary>What the check of the hash chain found, in a word or two.</summary>
    public static string Finding(ChainCheck check) => check.Finding switch
    {
        ChainFinding.Verified => "Verified",
        ChainFinding.Covered => "Covered, not verified",
        ChainFinding.Clip => "Part of a run, not verified",
        _ => $"Broken at event {Number(check.Seq ?? 0)}",
    };

    /// <summary>The same in a sentence.</summary>
    public static string Explain(ChainCheck check) => check.Finding switch
    {
        ChainFinding.Verified => "Every event follows from the one before it.",
        ChainFinding.Covered => "Parts were covered when it was exported, so it can't be checked for changes.",
        ChainFinding.Clip => "This is only part of a run, so it can't be checked for changes.",
        _ => "This event was changed, or something before it is missing. Don't rely on what follows.",
    };

    /// <summary>How many runs a file has.</summary>
    public static string Runs(int count) => count == 1 ? "1 run" : $"{Number(count)} runs";

    /// <summary>How many events a run has.</summary>
    public static string Events(int count) => $"{Number(count)} events";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
