using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Log;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Files;

/// <summary>
/// People's files: a row each, and bytes that rows of equal content share. Bytes come before their row and go after it, so a crash
/// in between leaves bytes without a row, which <see cref="RemoveOrphansAsync"/> clears away, and never a row that lies. Nothing
/// here checks access: see <see cref="FileLookup"/>.
/// </summary>
internal sealed partial class FileStore(
    IDbContextFactory<CopilotDbContext> contexts,
    FileFolder folder,
    IOptions<FileLimits> limits,
    TimeProvider time,
    ILogger<FileStore> logger) : IFileContents, IDisposable
{
    // Held from giving bytes their name to writing their row, and from counting a content's rows to deleting its bytes.
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Receives a file and keeps it. It belongs to nobody but its uploader until a message uses it.</summary>
    /// <param name="owner">Who uploads.</param>
    /// <param name="name">What the sender calls it.</param>
    /// <param name="declaredType">What the sender says it is, or null.</param>
    /// <param name="content">The bytes, read once.</param>
    /// <param name="cancellationToken">Gives up; nothing is kept.</param>
    /// <exception cref="FileRefusedException">It is empty or too large, or too many of the owner's wait for a message.</exception>
    /// <exception cref="StorageUnavailableException">It cannot be kept now.</exception>
    public async Task<MessageFile> AddAsync(
        RunOwner owner, string? name, string? declaredType, Stream content, CancellationToken cancellationToken)
    {
        using var received = await folder.ReceiveAsync(content, cancellationToken);
        var clean = FileName.Clean(name);
        var file = new MessageFile(
            RunIds.New("file_", time), clean, MediaType.Decide(received.Head, declaredType, clean), received.Size);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await CheckUnusedAsync(owner, received.Size, cancellationToken);
            folder.Store(received);
            try
            {
                await InsertAsync(Row(file, owner, received.Sha256), cancellationToken);
            }
            catch
            {
                await DeleteUnsharedAsync([received.Sha256], CancellationToken.None);
                throw;
            }
        }
        finally
        {
            _turn.Release();
        }

        LogAdded(file.Id, file.Size, file.Type);
        return file;
    }

    /// <summary>A file, or null where there is none, or no longer.</summary>
    public async Task<StoredFile?> FindAsync(string fileId, CancellationToken cancellationToken) =>
        (await ReadAsync([fileId], cancellationToken)).GetValueOrDefault(fileId);

    /// <summary>Opens a file's bytes, or null when they are gone.</summary>
    public Stream? Open(StoredFile file)
    {
        try
        {
            return folder.Open(file.Sha256);
        }
        catch (IOException exception)
        {
            LogMissing(exception, file.File.Id);
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, InputContent>> FindAsync(
        IReadOnlyCollection<string> fileIds, CancellationToken cancellationToken)
    {
        var stored = await ReadAsync(fileIds, cancellationToken);
        return stored.Values
            .Where(file => folder.Has(file.Sha256, file.File.Size))
            .ToDictionary(file => file.File.Id, file => new InputContent(file.Sha256, file.File.Size, () => folder.Open(file.Sha256)));
    }

    /// <summary>
    /// The files that a person attaches to a message: their own uploads, and what the session has already. A file that another
    /// session uses is attached as one of this session's own, so that each forgets its own.
    /// </summary>
    /// <param name="fileIds">As the client named them.</param>
    /// <param name="userId">Who sends.</param>
    /// <param name="sessionId">Where; null for a session whose id is not known yet.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<ChosenFiles> ChooseAsync(
        IReadOnlyList<string> fileIds, string userId, string? sessionId, CancellationToken cancellationToken)
    {
        if (fileIds.Count == 0)
        {
            return new ChosenFiles([], null);
        }

        if (fileIds.Count > limits.Value.MaxPerMessage)
        {
            return new ChosenFiles([], FileText.TooMany(limits.Value.MaxPerMessage, fileIds.Count));
        }

        if (fileIds.Distinct(StringComparer.Ordinal).Count() < fileIds.Count)
        {
            return new ChosenFiles([], FileText.NamedTwice);
        }

        var stored = await ReadAsync(fileIds, cancellationToken);
        var chosen = new List<MessageFile>();
        foreach (var id in fileIds)
        {
            if (!stored.TryGetValue(id, out var file) || (file.UserId != userId && (file.SessionId is null || file.SessionId != sessionId)))
            {
                return new ChosenFiles([], FileText.Unusable(Shown(id)));
            }

            if ((file.SessionId is null || file.SessionId == sessionId ? file.File : await CopyAsync(file, cancellationToken)) is not { } usable)
            {
                return new ChosenFiles([], FileText.JustRemoved(Shown(id)));
            }

            chosen.Add(usable);
        }

        return new ChosenFiles(chosen, null);
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    // An id is the client's text: only what could be one is said back.
    private static string Shown(string id) =>
        id.Length <= 64 && id.All(character => char.IsAsciiLetterOrDigit(character) || character == '_') ? id : "…";

    private async Task<MessageFile?> CopyAsync(StoredFile file, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (await FindAsync(file.File.Id, cancellationToken) is null)
            {
                return null;
            }

            var copy = file.File with { Id = RunIds.New("file_", time) };
            await InsertAsync(Row(copy, new RunOwner(file.UserId, file.TeamId), file.Sha256), cancellationToken);
            return copy;
        }
        finally
        {
            _turn.Release();
        }
    }

    private FileRow Row(MessageFile file, RunOwner owner, string sha256) => new()
    {
        Id = file.Id,
        Sha256 = sha256,
        UserId = owner.UserId,
        TeamId = owner.TeamId,
        Name = file.Name,
        Type = file.Type,
        Size = file.Size,
        CreatedAt = UnixMicroseconds.From(time.GetUtcNow()),
    };

    private async Task InsertAsync(FileRow row, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Files.Add(row);
        await db.WriteAsync(db.SaveChangesAsync, cancellationToken);
    }

    private async Task<Dictionary<string, StoredFile>> ReadAsync(IReadOnlyCollection<string> fileIds, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Files.AsNoTracking()
            .Where(row => fileIds.Contains(row.Id) && row.ForgottenAt == null && row.Sha256 != null)
            .Select(row => new StoredFile(
                new MessageFile(row.Id, row.Name, row.Type, row.Size), row.UserId, row.TeamId, row.SessionId, row.Sha256!))
            .ToDictionaryAsync(file => file.File.Id, cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "File {FileId} was uploaded: {Bytes} bytes, {Type}")]
    private partial void LogAdded(string fileId, long bytes, string type);

    [LoggerMessage(LogLevel.Error, "The content of file {FileId} is missing on the disk")]
    private partial void LogMissing(Exception exception, string fileId);
}
