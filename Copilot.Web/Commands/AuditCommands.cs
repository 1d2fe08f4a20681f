using Copilot.Domain.Audit;
using Copilot.Domain.Audit.Checkpoints;
using Copilot.Web.Audit;
using Microsoft.Data.Sqlite;

namespace Copilot.Web.Commands;

/// <summary>The audit by command: it opens the database for reading only, and needs no key but public ones.</summary>
internal static class AuditCommands
{
    private const string Group = "audit";

    /// <summary>All of them, in the order of their usage.</summary>
    public static IReadOnlyList<Command> All { get; } =
    [
        new(Group, "verify", [], [new("from", "DATE"), new("to", "DATE"), new("checkpoint", "FILE"), new("keys", "FOLDER")], [],
            "Verifies the chains of runs, access log and deletion records and the checkpoints; with a checkpoint that was kept elsewhere also against that.",
            VerifyAsync) { ReadsOnly = true },
    ];

    private static async Task<CommandResultText> VerifyAsync(CommandCall call)
    {
        var range = new AuditRange(Day(call, "from", 0), Day(call, "to", 1));
        var keys = call.Find("keys") is { } folder ? new PublicCheckpointKeys(folder) : call.Service<ICheckpointKeys>();
        var exported = new List<ExportedCheckpoint?> { call.Service<LastCheckpoint>().Read(), await ReadAsync(call) }.OfType<ExportedCheckpoint>().ToList();
        try
        {
            var report = await new AuditVerification(call.Service<IAuditStore>(), keys).RunAsync(range, exported, _ => { }, call.CancellationToken);
            var text = string.Join(
                Environment.NewLine,
                [AuditText.Scope(report), .. report.Findings.Select(AuditText.Finding), AuditText.Outcome(report), AuditText.Held(report)]);
            return new CommandResultText(text, Document(report)) { ExitCode = report.Findings.Count == 0 ? ExitCodes.Done : ExitCodes.Refused };
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is 1)
        {
            // A table or a column is missing.
            throw new CommandException(ExitCodes.Refused, CommandText.DatabaseOld);
        }
    }

    private static object Document(AuditReport report) => new
    {
        report.Runs,
        report.Events,
        report.AccessEntries,
        report.Deletions,
        report.Checkpoints,
        report.NewestCheckpointAt,
        Findings = report.Findings.Select(finding => new
        {
            Kind = System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(finding.Kind.ToString()),
            finding.Chain,
            finding.From,
            finding.To,
            finding.OtherChain,
            finding.Other,
            finding.Checkpoint,
            Text = AuditText.Finding(finding),
        }),
    };

    private static async Task<ExportedCheckpoint?> ReadAsync(CommandCall call)
    {
        if (call.Find("checkpoint") is not { } file)
        {
            return null;
        }

        try
        {
            return ExportedCheckpoint.Read(await File.ReadAllTextAsync(file, call.CancellationToken))
                ?? throw new CommandException(ExitCodes.Usage, CommandText.NoCheckpoint(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCodes.Usage, CommandText.NoCheckpoint(file));
        }
    }

    private static DateTimeOffset? Day(CommandCall call, string option, int more) => call.Find(option) is not { } text
        ? null
        : AuditDays.Parse(text, TimeZoneInfo.Utc, more) ?? throw CommandCall.Misused(call.Command, CommandText.NotADate(option));
}
