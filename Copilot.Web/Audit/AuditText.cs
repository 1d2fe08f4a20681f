using System.Globalization;
using Copilot.Domain.Audit;

namespace Copilot.Web.Audit;

/// <summary>What the audit says, on the page, in exports and on the command line.</summary>
internal static class AuditText
{
    public const string NotShownTitle = "This can't be shown now";
    public const string NotRecorded = "What others wrote is shown only when the access log can record it, and it can't be written now. Nothing is lost. You can try again in a moment.";
    public const string Checkpoint = "checkpoint";
    public const string Everything = "everything";
    public const string Intact = "Everything is as it was written.";

    /// <summary>A filter in a few words.</summary>
    public static string Describe(AccessFilter filter)
    {
        var parts = ((string, string?)[])
        [
            ("person", filter.Person), ("action", filter.Action), ("object", filter.ObjectId), ("address", filter.Address),
            ("from", filter.From?.ToString("u", CultureInfo.InvariantCulture)), ("to", filter.To?.ToString("u", CultureInfo.InvariantCulture)),
        ];
        var given = parts.Where(part => part.Item2 is not null).Select(part => $"{part.Item1} {part.Item2}").ToList();
        return given.Count == 0 ? Everything : string.Join(", ", given);
    }

    /// <summary>What a verification came to, in one sentence.</summary>
    public static string Outcome(AuditReport report) =>
        report.Findings.Count == 0 ? Intact : $"{Count(report.Findings.Count, "problem", "problems")} found.";

    /// <summary>What was verified.</summary>
    public static string Scope(AuditReport report) =>
        $"Verified {Count(report.Runs, "run", "runs")} with {Count(report.Events, "event", "events")}, "
        + $"{Count(report.AccessEntries, "entry", "entries")} of the access log, {Count(report.Deletions, "deletion record", "deletion records")} "
        + $"and {Count(report.Checkpoints, "checkpoint", "checkpoints")}.";

    /// <summary>Until when checkpoints hold.</summary>
    public static string Held(AuditReport report) => report.NewestCheckpointAt is { } at
        ? $"The newest checkpoint is of {at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC. Rows cut off after it would not show."
        : "There is no checkpoint yet, so rows that were cut off the end would not show.";

    /// <summary>One thing that is not as it was written.</summary>
    public static string Finding(AuditFinding finding)
    {
        var (where, rows) = (Where(finding.Chain), Rows(finding));
        return finding.Kind switch
        {
            AuditFindingKind.Changed => $"{where}: {rows} changed.",
            AuditFindingKind.ContentChanged => $"{where}: the content of {rows} changed.",
            AuditFindingKind.ContentRemoved => $"{where}: the content of {rows} removed without a deletion record.",
            AuditFindingKind.HashChanged => $"{where}: the hash of {rows} changed; what it says is as it was.",
            AuditFindingKind.Removed => $"{where}: {rows} removed.",
            AuditFindingKind.Reordered => $"{where}: {rows} reordered, and now at {Number(finding.Other)}{(finding.To > finding.From ? " and after" : "")}.",
            AuditFindingKind.Inserted => $"{where}: {rows} inserted: nothing that was written here.",
            AuditFindingKind.MovedToOtherChain => $"{where}: {rows} moved to {Where(finding.OtherChain!)}, at {Number(finding.Other)}.",
            AuditFindingKind.Cut => $"{where}: {rows} cut off the end{By(finding)}.",
            AuditFindingKind.ChainRemoved => $"{where}: all of it was removed, {Count(finding.To ?? 0, "row", "rows")}{By(finding)}.",
            AuditFindingKind.Rewritten => $"{where}: {rows} written anew{By(finding)}.",
            AuditFindingKind.CheckpointChanged => $"{rows} changed.",
            AuditFindingKind.CheckpointRemoved => $"{rows} removed.",
            AuditFindingKind.CheckpointsCut => $"{rows} cut off the end, or the database is an older copy.",
            AuditFindingKind.HeadsChanged => $"What {rows.Replace(" was", " seals was", StringComparison.Ordinal)} changed.",
            AuditFindingKind.SignatureWrong => $"{rows} not signed by the key that it names.",
            AuditFindingKind.KeyUnknown => $"{rows} signed by a key whose public half is missing here, or damaged.",
            AuditFindingKind.OtherCheckpoint => $"{rows} replaced: the one that was kept elsewhere is another.",
            AuditFindingKind.DeletionChanged => $"Deletion record {finding.Chain} was changed after it was sealed by checkpoint {Number(finding.Checkpoint)}.",
            AuditFindingKind.DeletionRemoved => $"Deletion record {finding.Chain} was removed after it was sealed by checkpoint {Number(finding.Checkpoint)}.",
            _ => $"{where}: {rows} {finding.Kind}.",
        };
    }

    /// <summary>A chain, at the beginning of a sentence.</summary>
    public static string Where(string chain) => chain switch
    {
        AccessRecord.Chain => "Access log",
        _ => $"Run {chain}",
    };

    /// <summary>What was done, in the list.</summary>
    public static string Action(string action) => action switch
    {
        AccessActions.SessionRead => "Read a conversation",
        AccessActions.RunAttached => "Followed a run",
        AccessActions.RunOpened => "Opened an ended run",
        AccessActions.WallOpened => "Opened the live wall",
        AccessActions.FileRead => "Downloaded a file",
        AccessActions.SearchHits => "Found runs of others",
        AccessActions.RuleTried => "Tried a rule on runs of others",
        AccessActions.Exported => "Exported",
        AccessActions.RunForked => "Forked a run",
        AccessActions.AuditRead => "Read the access log",
        AccessActions.AuditExported => "Exported the audit",
        AccessActions.AuditVerified => "Verified",
        AccessActions.RuleChanged => "Changed a rule",
        AccessActions.RetentionChanged => "Changed retention",
        AccessActions.SettingsChanged => "Started with other settings",
        _ => Sentence(action),
    };

    private static string Sentence(string action)
    {
        var words = action.Replace('_', ' ');
        return words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
    }

    private static string By(AuditFinding finding) => finding.Checkpoint is { } number ? $" (checkpoint {Number(number)} tells)" : "";

    private static string Rows(AuditFinding finding)
    {
        var (one, many) = finding.Chain switch
        {
            Domain.Audit.Checkpoints.Checkpoint.Chain => ("Checkpoint", "Checkpoints"),
            AccessRecord.Chain => ("entry", "entries"),
            _ => ("event", "events"),
        };
        return finding.From == finding.To
            ? $"{one} {Number(finding.From)} was"
            : $"{many} {Number(finding.From)} to {Number(finding.To)} were";
    }

    private static string Number(long? number) => (number ?? 0).ToString("N0", CultureInfo.InvariantCulture);

    private static string Count(long count, string one, string many) => $"{Number(count)} {(count == 1 ? one : many)}";
}
