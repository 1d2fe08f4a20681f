using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Files;
using Copilot.Web.Runs.Comments;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Runs.Personal;

/// <summary>
/// All that is stored of a person, as one ZIP file: who they are, each conversation as Markdown, each run's events as JSON Lines, comments,
/// and the files. For the person and for admins. What was erased is not in it, but its events are, without content.
/// </summary>
internal sealed class PersonExport(
    IDbContextFactory<CopilotDbContext> contexts, IRunEventStore events, FileStore files, PersonComments comments, IRunAccess access, TimeProvider time)
{
    private const int PageEvents = 1_000;
    private const int Buffer = 64 * 1024;

    // Owned by no one: only people who may see and erase every conversation have access.
    private static readonly RunOwner s_anyOwner = new("", "");

    private static readonly JsonWriterOptions s_indented = new() { Indented = true };

    /// <summary>Writes it into a temporary file that is deleted when the stream is closed.</summary>
    /// <returns>The file from its beginning; null when there is no such person for this reader.</returns>
    public async Task<Stream?> WriteAsync(string readerId, string personId, CancellationToken cancellationToken)
    {
        if (readerId != personId && await access.TryAcquireAsync(readerId, s_anyOwner, RunAction.Erase, cancellationToken) is null)
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var user = await db.Users.AsNoTracking().FirstOrDefaultAsync(row => row.Id == personId, cancellationToken);
        var sessions = await db.Sessions.AsNoTracking().Where(row => row.UserId == personId).OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancellationToken);
        if (user is null && sessions.Count == 0)
        {
            return null;
        }

        var file = NewFile();
        try
        {
            using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            {
                await using (var entry = Open(zip, "person.json"))
                {
                    await entry.WriteAsync(Describe(personId, user, sessions), cancellationToken);
                }

                await WriteLinesAsync(zip, "comments.jsonl", await comments.ExportAsync(personId, cancellationToken), cancellationToken);
                foreach (var session in sessions)
                {
                    await WriteSessionAsync(zip, session, cancellationToken);
                }

                foreach (var uploaded in await db.Files.AsNoTracking().Where(row => row.UserId == personId && row.ForgottenAt == null).Select(row => row.Id).ToListAsync(cancellationToken))
                {
                    await WriteFileAsync(zip, uploaded, cancellationToken);
                }
            }

            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private async Task WriteSessionAsync(ZipArchive zip, SessionRow session, CancellationToken cancellationToken)
    {
        var folder = $"conversations/{Safe(session.Id)}";
        var runs = await events.ReadSessionAsync(session.Id, cancellationToken);
        await using (var entry = Open(zip, $"{folder}/conversation.md"))
        {
            await entry.WriteAsync(Encoding.UTF8.GetBytes(Markdown(session, runs)), cancellationToken);
        }

        await WriteLinesAsync(zip, $"{folder}/comments.jsonl", await comments.ExportSessionAsync(session.Id, cancellationToken), cancellationToken);
        foreach (var run in runs)
        {
            await using var entry = Open(zip, $"{folder}/{Safe(run.RunId)}.jsonl");
            for (var after = 0L; await events.ReadAsync(run.RunId, after, PageEvents, cancellationToken) is { Count: > 0 } page; after = page[^1].Seq)
            {
                foreach (var one in page)
                {
                    await entry.WriteAsync(EventLine.Of(one), cancellationToken);
                }
            }
        }
    }

    // What has no lines has no file.
    private async Task WriteLinesAsync(ZipArchive zip, string name, byte[] lines, CancellationToken cancellationToken)
    {
        if (lines.Length > 0)
        {
            await using var entry = Open(zip, name);
            await entry.WriteAsync(lines, cancellationToken);
        }
    }

    private async Task WriteFileAsync(ZipArchive zip, string fileId, CancellationToken cancellationToken)
    {
        // One may be erased while this is written.
        if (await files.FindAsync(fileId, cancellationToken) is { } stored && files.Open(stored) is { } content)
        {
            await using (content)
            {
                await using var entry = Open(zip, $"files/{Safe(fileId)}-{Safe(stored.File.Name)}");
                await content.CopyToAsync(entry, cancellationToken);
            }
        }
    }

    private static byte[] Describe(string personId, Identity.CopilotUser? user, List<SessionRow> sessions)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, s_indented))
        {
            json.WriteStartObject();
            json.WriteString("id", personId);
            json.WriteString("user_name", user?.UserName);
            json.WriteString("name", user?.DisplayName);
            json.WriteString("team_id", user?.TeamId);
            json.WriteString("time_zone", user?.TimeZone);
            json.WriteStartArray("conversations");
            foreach (var session in sessions)
            {
                json.WriteStartObject();
                json.WriteString("id", session.Id);
                json.WriteString("title", session.Title);
                json.WriteString("created_at", UnixMicroseconds.ToTime(session.CreatedAt));
                json.WriteString("updated_at", UnixMicroseconds.ToTime(session.UpdatedAt));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static string Markdown(SessionRow session, IReadOnlyList<RunSummary> runs)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {session.Title}\n");
        foreach (var run in runs)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {run.CreatedAt:yyyy-MM-dd HH:mm} UTC\n\n");
            text.Append(run.ForgottenAt is { } at ? string.Create(CultureInfo.InvariantCulture, $"Deleted on {at:yyyy-MM-dd}.\n") : $"{run.Input}\n\n### {run.AgentName}\n\n{run.OutputText}\n");
        }

        return text.ToString();
    }

    private Stream Open(ZipArchive zip, string name)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.Fastest);
        entry.LastWriteTime = time.GetUtcNow();
        return entry.Open();
    }

    /// <summary>A name that is one part of a path everywhere.</summary>
    private static string Safe(string name)
    {
        var safe = string.Concat(name.Select(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '_'));
        return safe.Trim('.') is { Length: > 0 } part ? part : "_";
    }

    private static FileStream NewFile() => new(
        Path.Combine(Path.GetTempPath(), $"copilot-{Guid.NewGuid():N}.zip"),
        new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = Buffer,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        });
}
