using System.Globalization;
using Copilot.Domain.Audit;
using Copilot.Web.Audit;

namespace Copilot.Web.Components.Audit;

/// <summary>Texts of the audit's page.</summary>
internal static class AuditPageText
{
    public const string Title = "Audit";
    public const string Details = "Who saw what is not theirs, and who changed what others depend on. Entries are never changed or deleted.";
    public const string Loading = "Loading the access log";
    public const string AdminsOnly = "For admins only";
    public const string AdminsOnlyDetails = "You don't have access to this page.";
    public const string GoToConversations = "Go to your conversations";
    public const string NotLoadedTitle = "The access log couldn't be loaded";
    public const string Empty = "No entries. Change the filter to see others.";
    public const string Filter = "Filter";
    public const string Person = "Person";
    public const string Action = "Action";
    public const string AnyAction = "Any";
    public const string Object = "Run or other id";
    public const string Address = "Address";
    public const string From = "From";
    public const string To = "Until";
    public const string Apply = "Apply";
    public const string Clear = "Clear";
    public const string AccessLog = "Access log";
    public const string At = "When";
    public const string Who = "Who";
    public const string What = "What";
    public const string Of = "Whose";
    public const string Why = "Reason and details";
    public const string Older = "Show older";
    public const string Csv = "Export as CSV";
    public const string Json = "Export as JSON lines";
    public const string TakeCheckpoint = "Download checkpoint";
    public const string Verification = "Verification";
    public const string VerificationDetails = "Reads every run, the access log, the deletion records and the checkpoints, and says what is not as it was written. A downloaded checkpoint, kept elsewhere, also shows what was cut off later.";
    public const string Verify = "Verify";
    public const string Stop = "Stop";
    public const string Stopped = "Stopped. What was read so far is not a result.";
    public const string Failed = "The verification couldn't be finished: the database can't be read now. You can try again.";
    public const string OpenRun = "Open";

    /// <summary>How far a verification is.</summary>
    public static string Progress(AuditProgress progress) => string.Create(
        CultureInfo.InvariantCulture, $"{progress.Runs:N0} of {progress.OfRuns:N0} runs, {progress.Events:N0} events, {progress.Findings:N0} problems");

    /// <summary>A moment in the person's time zone.</summary>
    public static string Moment(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("d MMM yyyy, HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Who, with role.</summary>
    public static string Actor(AccessEntry entry) => entry.ActorRole is { } role ? $"{entry.ActorName} ({role})" : entry.ActorName;

    /// <summary>From where, and with which key.</summary>
    public static string Origin(AccessEntry entry) => entry.KeyId is { } key ? $"{entry.Address}, key {key}" : entry.Address;

    /// <summary>Why, and what exactly.</summary>
    public static string Reason(AccessEntry entry) => string.Join(
        ". ",
        new[] { entry.Reason, entry.Before is not null && entry.After is not null ? $"{entry.Before} → {entry.After}" : entry.After ?? entry.Before }
            .Where(part => !string.IsNullOrEmpty(part)));

    /// <summary>Opens a run that a finding is about.</summary>
    public static string OpenLabel(AuditFinding finding) => $"{OpenRun}: {AuditText.Where(finding.Chain)}";
}
