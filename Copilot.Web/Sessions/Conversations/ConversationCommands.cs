using Copilot.Domain.Concurrency;
using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Retention;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Sessions;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Sessions.Conversations;

/// <summary>
/// What a person can do with a conversation as a whole. Their lists, in every tab and on every device, hear of it through
/// <see cref="ConversationChanges"/> and read again, also after what was refused. Lives as long as the circuit, so that it can still be
/// undone when the page that did it has gone.
/// </summary>
internal sealed partial class ConversationCommands(
    SessionStore sessions,
    ErasureService erasures,
    IRunAccess access,
    ConversationChanges changes,
    IOptions<RetentionOptions> retention,
    ILogger<ConversationCommands> logger) : IDisposable
{
    private readonly StopSource _stop = new();

    /// <summary>Gives a conversation another title. False when that is not allowed or it is gone.</summary>
    public Task<bool> RenameAsync(UserInfo user, SessionInfo session, string title) =>
        ChangeAsync(user, session, token => sessions.RenameAsync(session.Id, title, token));

    /// <summary>Pins a conversation on top, or unpins it. False when that is not allowed or it is gone.</summary>
    public Task<bool> PinAsync(UserInfo user, SessionInfo session, bool pinned) =>
        ChangeAsync(user, session, token => sessions.PinAsync(session.Id, pinned, token));

    /// <summary>Puts a conversation away, where search and the archive have it, or takes it back. False when that is not allowed or it is gone.</summary>
    public Task<bool> ArchiveAsync(UserInfo user, SessionInfo session, bool archived) =>
        ChangeAsync(user, session, token => sessions.ArchiveAsync(session.Id, archived, token));

    /// <summary>Saves that the person has seen what is new in a conversation. Nobody is told when that cannot be saved: it is tried at the next look.</summary>
    public async Task SeeAsync(UserInfo user, SessionInfo session)
    {
        try
        {
            if (await sessions.SeeAsync(session.Id, user.Id, _stop.Token))
            {
                changes.Report(user.Id);
            }
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotSeen(exception, session.Id);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The circuit is gone.
        }
    }

    /// <summary>
    /// Asks to delete what is in a conversation. It begins after <see cref="RetentionOptions.UndoPeriod"/>, happens in the background and
    /// can be followed with <see cref="ErasureService"/>. Refused when it is not allowed, the conversation is gone or under a
    /// legal hold, or storage is unavailable.
    /// </summary>
    /// <param name="user">Who asks.</param>
    /// <param name="session">The conversation.</param>
    /// <param name="delete">Also takes it off the list, at once.</param>
    public async Task<RequestedErasure> EraseAsync(UserInfo user, SessionInfo session, bool delete)
    {
        try
        {
            return await erasures.RequestAsync(user.Id, session.Id, delete, retention.Value.UndoPeriod, _stop.Token) is { } request
                ? new RequestedErasure(null, request.Id)
                : new RequestedErasure(SessionText.DeleteFailed(delete), null);
        }
        catch (LegalHoldException held)
        {
            return new RequestedErasure(held.Message, null);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotAsked(exception, session.Id);
            return new RequestedErasure(SessionText.DeleteNotSaved(delete), null);
        }
        finally
        {
            changes.Report(user.Id);
        }
    }

    /// <summary>Takes a deletion back. False when it has begun, or that cannot be saved.</summary>
    public async Task<bool> UndoAsync(UserInfo user, string requestId)
    {
        try
        {
            return await erasures.UndoAsync(user.Id, requestId, _stop.Token);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotUndone(exception, requestId);
            return false;
        }
        finally
        {
            changes.Report(user.Id);
        }
    }

    /// <summary>Ends what is under way.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task<bool> ChangeAsync(UserInfo user, SessionInfo session, Func<CancellationToken, Task<bool>> change)
    {
        try
        {
            var owner = new RunOwner(session.UserId, session.TeamId);
            return await access.TryAcquireAsync(user.Id, owner, RunAction.Write, _stop.Token) is not null && await change(_stop.Token);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotChanged(exception, session.Id);
            return false;
        }
        finally
        {
            changes.Report(user.Id);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Session {SessionId} could not be changed: storage is unavailable")]
    private partial void LogNotChanged(Exception exception, string sessionId);

    [LoggerMessage(LogLevel.Debug, "That session {SessionId} was seen could not be saved")]
    private partial void LogNotSeen(Exception exception, string sessionId);

    [LoggerMessage(LogLevel.Warning, "Deletion {RequestId} could not be undone: storage is unavailable")]
    private partial void LogNotUndone(Exception exception, string requestId);

    [LoggerMessage(LogLevel.Warning, "The deletion of session {SessionId} could not be requested: storage is unavailable")]
    private partial void LogNotAsked(Exception exception, string sessionId);
}
