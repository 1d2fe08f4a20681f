using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Log;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Files;

/// <summary>
/// People's files: one row each, and bytes shared by rows of equal content. Bytes are written before their row and deleted after it, so a
/// crash in between leaves bytes without a row, which <see cref="RemoveOrphansAsync"/> deletes, and never a row without bytes. Nothing
/// here checks access: see <see cref="FileLookup"/>.
/// </summary>
internal sealed partial class FileStore(
    IDbContextFactory<CopilotDbContext> contexts,
    FileFolder folder,
    FreeSpace space,
    IOptions<FileLimits> limits,
    TimeProvider time,
    ILogger<FileStore> logger) : IFileContents, IDisposable
{
    // Held from naming bytes until their row is written, and from counting a content's rows until its bytes are deleted.
    private readonly SemaphoreSlim _lock = new(1, 1);

    /// <summary>Receives a file and stores it. Only its uploader can use it until a message does.</summary>
    /// <param name="owner">Who uploads.</param>
    /// <param name="name">The name given by the sender.</param>
    /// <param name="declaredType">The media type given by the sender, or null.</param>
    /// <param name="content">The bytes, read once.</param>
    /// <param name="cancellationToken">Cancels; nothing is stored.</param>
    /// <exception cref="FileRefusedException">It is empty or too large, the owner has too much already, or the disk is nearly full.</exception>
    /// <exception cref="StorageUnavailableException">It cannot be stored now.</exception>
    public async Task<MessageFile> AddAsync(
        RunOwner owner, string? name, string? declaredType, Stream content, CancellationToken cancellationToken)
    {
        if (space.IsLow(folder.Location))
        {
            throw FileRefusedException.DiskNearlyFull();
        }

        using var received = await folder.ReceiveAsync(content, cancellationToken);
        var clean = FileName.Clean(name);
        var file = new MessageFile(
            RunIds.New("file_", time), clean, MediaType.Decide(received.Head, declaredType, clean), received.Size);
        await _lock.WaitAsync(cancellationToken);
        try
        {
            await CheckUnusedAsync(owner, received.Size, cancellationToken);
            await CheckAllAsync(owner, received.Size, cancellationToken);
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
            _lock.Release();
        }

        LogAdded(file.Id, file.Size, file.Type);
        return file;
    }

    /// <summary>A file, or null if it does not exist or was erased.</summary>
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
        try
        {
            var stored = await ReadAsync(fileIds, cancellationToken);
            return stored.Values
                .Where(file => folder.Has(file.Sha256, file.File.Size))
                .ToDictionary(file => file.File.Id, file => new InputContent(file.Sha256, file.File.Size, () => folder.Open(file.Sha256)));
        }
        catch (Exception exception) when (StorageFailure.Explain(exception) is { } unavailable)
        {
            throw unavailable;
        }
    }

    /// <summary>
    /// The files that a person attaches to a message: their own uploads, and files of this session. A file of another session is copied,
    /// so that each session can erase its own.
    /// </summary>
    /// <param name="fileIds">Ids given by the client.</param>
    /// <param name="userId">Who sends.</param>
    /// <param name="sessionId">The session; null if its id is not known yet.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
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
                return new ChosenFiles([], FileText.Unusable(DisplayId(id)));
            }

            if ((file.SessionId is null || file.SessionId == sessionId ? file.File : await CopyAsync(file, cancellationToken)) is not { } usable)
            {
                return new ChosenFiles([], FileText.JustRemoved(DisplayId(id)));
            }

            chosen.Add(usable);
        }

        return new ChosenFiles(chosen, null);
    }

    /// <summary>
    /// A message's files once more, for a conversation of somebody who may see them: each conversation can erase its own. One whose bytes
    /// are gone stays named.
    /// </summary>
    /// <param name="message">The files.</param>
    /// <param name="owner">Whose the copies are.</param>
    /// <param name="cancellationToken">Cancels; copies that nothing uses are removed.</param>
    public async Task<IReadOnlyList<MessageFile>> CopyAsync(IReadOnlyList<MessageFile> message, RunOwner owner, CancellationToken cancellationToken)
    {
        var stored = await ReadAsync([.. message.Select(file => file.Id)], cancellationToken);
        var copies = new List<MessageFile>();
        foreach (var file in message)
        {
            copies.Add(stored.TryGetValue(file.Id, out var found)
                ? await CopyAsync(found with { UserId = owner.UserId, TeamId = owner.TeamId }, cancellationToken) ?? file
                : file);
        }

        return copies;
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    // An id is the client's text: only a plausible one is repeated.
    private static string DisplayId(string id) =>
        id.Length <= 64 && id.All(character => char.IsAsciiLetterOrDigit(character) || character == '_') ? id : "…";

    private async Task<MessageFile?> CopyAsync(StoredFile file, CancellationToken cancellationToken)
    {
        await _lock.WaitAsync(cancellationToken);
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
            _lock.Release();
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
