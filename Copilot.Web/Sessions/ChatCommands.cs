using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Files;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Runs;
using Copilot.Web.Storage.Sessions;

namespace Copilot.Web.Sessions;

/// <summary>What a person can do in a conversation. Every call asks <see cref="IRunAccess"/> again; effects are seen as events.</summary>
internal sealed partial class ChatCommands(
    IRuns runs,
    IRunPreparations preparations,
    IRunAccess access,
    SessionStore sessions,
    AgentStore agents,
    FileStore files,
    TimeProvider time,
    ILogger<ChatCommands> logger)
{
    /// <summary>Longest message, in UTF-16 units. The circuit's message size is set to hold it whatever its characters are.</summary>
    public const int MaxTextLength = 100_000;

    /// <summary>How long a page waits for storage before it says that nothing is kept yet.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Sends a message. A new session takes the id of its first message, so the same message sent twice, even across a reload,
    /// starts one run in one session.
    /// </summary>
    /// <param name="user">Who sends.</param>
    /// <param name="chat">Where.</param>
    /// <param name="messageId">Made in the browser: 32 lower-case hexadecimal digits.</param>
    /// <param name="text">What is asked; may be empty beside files.</param>
    /// <param name="fileIds">What is attached, as the upload named it.</param>
    /// <param name="cancellationToken">Stops the waiting; a message that was already handed over is still kept.</param>
    public Task<SendResult> SendAsync(
        UserInfo user,
        ChatSession chat,
        string messageId,
        string text,
        IReadOnlyList<string> fileIds,
        CancellationToken cancellationToken) =>
        StartAsync(
            user,
            chat,
            messageId,
            text,
            (sessionId, token) => files.ChooseAsync(fileIds, user.Id, sessionId, token),
            new RunParent.Latest(),
            cancellationToken);

    /// <summary>Makes ready for a message that is being written. It may do nothing, and what goes wrong is met when the message is sent.</summary>
    /// <param name="user">Who writes.</param>
    /// <param name="chat">Where.</param>
    /// <param name="messageId">The id that the message will have.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async Task PrepareAsync(UserInfo user, ChatSession chat, string messageId, CancellationToken cancellationToken)
    {
        if (!IsMessageId(messageId))
        {
            return;
        }

        try
        {
            var (sessionId, owner) = await ResolveSessionAsync(user, chat, messageId, cancellationToken);
            if (owner is not null && await access.TryAcquireAsync(user.Id, owner, RunAction.Write, cancellationToken) is not null)
            {
                var agent = await agents.GetDefaultAsync(cancellationToken);
                await preparations.PrepareAsync(
                    new RunPreparationRequest { SessionId = sessionId, Owner = owner, Agent = agent }, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is StorageUnavailableException or OperationCanceledException)
        {
            LogNotPrepared(exception, chat.SessionId);
        }
    }

    /// <summary>Asks something else in a run's place: a new branch.</summary>
    /// <param name="user">Who asks.</param>
    /// <param name="chat">Where.</param>
    /// <param name="run">The run whose question is replaced.</param>
    /// <param name="messageId">Made in the browser.</param>
    /// <param name="text">The new question.</param>
    /// <param name="kept">Which of the question's files stay.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public Task<SendResult> EditAsync(
        UserInfo user,
        ChatSession chat,
        RunSummary run,
        string messageId,
        string text,
        IReadOnlyList<MessageFile> kept,
        CancellationToken cancellationToken) =>
        StartAsync(user, chat, messageId, text, Already(run, kept), new RunParent.SameAs(run.RunId), cancellationToken);

    /// <summary>Asks the same again: a new branch. Two presses, also in two tabs, make one.</summary>
    public Task<SendResult> RetryAsync(UserInfo user, ChatSession chat, ChatRun run, CancellationToken cancellationToken) =>
        StartAsync(
            user,
            chat,
            $"retry-{run.Run.RunId}-{run.Branches}",
            run.Run.Input,
            Already(run.Run, run.Run.Files),
            new RunParent.SameAs(run.Run.RunId),
            cancellationToken);

    /// <summary>Stops a run, or takes a queued one out of the queue. Null when it was accepted, else a sentence.</summary>
    public Task<string?> StopAsync(UserInfo user, RunSummary run, CancellationToken cancellationToken) =>
        CommandAsync(user, run, actor => new RunCommand.Stop(actor, null), cancellationToken);

    /// <summary>Lets an interrupted run go on. Null when it was accepted, else a sentence.</summary>
    /// <param name="user">Who asks.</param>
    /// <param name="run">The run.</param>
    /// <param name="repeatUnknownTools">What to do with tools whose outcome nobody knows.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public Task<string?> ResumeAsync(UserInfo user, RunSummary run, bool repeatUnknownTools, CancellationToken cancellationToken) =>
        CommandAsync(user, run, actor => new RunCommand.Resume(actor, repeatUnknownTools), cancellationToken);

    /// <summary>Lets a run with a budget cost so much more, in micro-units. Null when it was accepted, else a sentence.</summary>
    public Task<string?> RaiseBudgetAsync(UserInfo user, RunSummary run, long amountMicros, CancellationToken cancellationToken) =>
        CommandAsync(user, run, actor => new RunCommand.RaiseBudget(actor, amountMicros), cancellationToken);

    /// <summary>Ends the wait before the next attempt. Null when it was accepted, else a sentence.</summary>
    public Task<string?> RetryNowAsync(UserInfo user, RunSummary run, CancellationToken cancellationToken) =>
        CommandAsync(user, run, actor => new RunCommand.RetryNow(actor), cancellationToken);

    // What the message names already it may name again, also when it is gone: the model is told so.
    private static Func<string?, CancellationToken, Task<ChosenFiles>> Already(RunSummary run, IReadOnlyList<MessageFile> kept) =>
        (_, _) => Task.FromResult(new ChosenFiles([.. run.Files.Where(kept.Contains)], null));

    private static bool IsMessageId(string messageId) =>
        messageId.Length == 32 && messageId.All(char.IsAsciiHexDigitLower);

    private async Task<SendResult> StartAsync(
        UserInfo user,
        ChatSession chat,
        string messageId,
        string text,
        Func<string?, CancellationToken, Task<ChosenFiles>> choose,
        RunParent parent,
        CancellationToken cancellationToken)
    {
        if (text.Length > MaxTextLength)
        {
            return SendResult.Refused(SessionText.TooLong(text.Length, MaxTextLength));
        }

        if (!IsMessageId(messageId) && !messageId.StartsWith("retry-", StringComparison.Ordinal))
        {
            return SendResult.Refused(SessionText.PageOutOfDate);
        }

        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await StartOnceAsync(user, chat, messageId, text, choose, parent, either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return SendResult.Refused(SessionText.MessageSlow);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogRefused(exception, chat.SessionId);
            return SendResult.Refused(SessionText.MessageNotSaved);
        }
        catch (ArgumentException exception)
        {
            // The domain's own sentence about the request; it says what to change.
            LogRefused(exception, chat.SessionId);
            return SendResult.Refused(SessionText.MessageUnusable);
        }
    }

    private async Task<SendResult> StartOnceAsync(
        UserInfo user,
        ChatSession chat,
        string messageId,
        string text,
        Func<string?, CancellationToken, Task<ChosenFiles>> choose,
        RunParent parent,
        CancellationToken cancellationToken)
    {
        var (sessionId, owner) = await ResolveSessionAsync(user, chat, messageId, cancellationToken);
        if (owner is null)
        {
            return SendResult.Refused(SessionText.ConversationGone);
        }

        if (await access.TryAcquireAsync(user.Id, owner, RunAction.Write, cancellationToken) is not { } lease)
        {
            return SendResult.Refused(SessionText.WriteDenied);
        }

        if (await sessions.IsBeingErasedAsync(sessionId, cancellationToken))
        {
            return SendResult.Refused(SessionText.ConversationBeingDeleted);
        }

        var chosen = await choose(sessionId, cancellationToken);
        if (chosen.Problem is not null)
        {
            return SendResult.Refused(chosen.Problem);
        }

        if (string.IsNullOrWhiteSpace(text) && chosen.Files.Count == 0)
        {
            return SendResult.Refused(SessionText.NothingWritten);
        }

        var request = new RunRequest
        {
            SessionId = sessionId,
            Owner = owner,
            Actor = lease.Actor,
            Agent = await agents.GetDefaultAsync(cancellationToken),
            Input = text,
            Files = chosen.Files,
            MessageId = messageId,
            Parent = parent,
        };
        switch (await runs.StartAsync(request, cancellationToken))
        {
            case StartOutcome.Started started:
                await chat.AdoptAsync(started.Run, cancellationToken);
                return SendResult.Ok;
            case StartOutcome.TooMany tooMany:
                return SendResult.Refused(tooMany.Message);
            default:
                throw new InvalidOperationException("A start ended in a way this page does not know.");
        }
    }

    /// <summary>The session of a message and whose it is; a new one takes the message's id. No owner: it is not there any more.</summary>
    private async Task<(string SessionId, RunOwner? Owner)> ResolveSessionAsync(
        UserInfo user, ChatSession chat, string messageId, CancellationToken cancellationToken)
    {
        var sessionId = chat.SessionId ?? "ses_" + messageId;
        var known = await sessions.FindAsync(sessionId, cancellationToken);
        return (sessionId, known is not null ? new RunOwner(known.UserId, known.TeamId) : chat.SessionId is null ? user.AsOwner : null);
    }

    private async Task<string?> CommandAsync(
        UserInfo user, RunSummary run, Func<EventActor, RunCommand> command, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var owner = new RunOwner(run.UserId, run.TeamId);
            if (await access.TryAcquireAsync(user.Id, owner, RunAction.Control, either.Token) is not { } lease)
            {
                return SessionText.ControlDenied;
            }

            return await runs.SendAsync(run.RunId, command(lease.Actor), either.Token) switch
            {
                CommandOutcome.Accepted => null,
                CommandOutcome.NotFound => SessionText.RunGone,
                _ => SessionText.RunMovedOn,
            };
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return SessionText.CommandSlow;
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotCommanded(exception, run.RunId);
            return SessionText.CommandNotSaved;
        }
    }

    [LoggerMessage(LogLevel.Debug, "Nothing was prepared for session {SessionId}")]
    private partial void LogNotPrepared(Exception exception, string? sessionId);

    [LoggerMessage(LogLevel.Warning, "A command to run {RunId} was refused: storage is unavailable")]
    private partial void LogNotCommanded(Exception exception, string runId);

    [LoggerMessage(LogLevel.Warning, "A message in session {SessionId} was refused")]
    private partial void LogRefused(Exception exception, string? sessionId);
}
