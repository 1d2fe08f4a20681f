using Copilot.Domain.Audit;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Audit;
using Copilot.Web.Storage.Sessions;

namespace Copilot.Web.Files;

/// <summary>
/// Finds files for people. People who may see a session may see its files; an unused upload is visible only to its uploader. What a
/// person may not see does not exist for them, nor does a file of a deleted conversation.
/// </summary>
internal sealed class FileLookup(FileStore files, SessionStore sessions, IRunAccess access, RequestReads reads)
{
    /// <summary>The file, or null. That somebody else's is read is recorded.</summary>
    /// <exception cref="AccessNotRecordedException">It could not be recorded.</exception>
    public async Task<StoredFile?> FindAsync(string userId, string fileId, CancellationToken cancellationToken)
    {
        if (await files.FindAsync(fileId, cancellationToken) is not { } file)
        {
            return null;
        }

        RunOwner owner;
        if (file.SessionId is null)
        {
            if (file.UserId != userId)
            {
                return null;
            }

            owner = new RunOwner(file.UserId, file.TeamId);
        }
        else if (await sessions.FindAsync(file.SessionId, cancellationToken) is { } session)
        {
            owner = new RunOwner(session.UserId, session.TeamId);
        }
        else
        {
            return null;
        }

        if (await access.TryAcquireAsync(userId, owner, RunAction.View, cancellationToken) is null)
        {
            return null;
        }

        await reads.RecordAsync(AccessActions.FileRead, userId, fileId, owner.UserId, cancellationToken);
        return file;
    }
}
