using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Runs;
using Copilot.Web.Security;

namespace Copilot.Web.Sessions;

/// <summary>
/// What a person can do in a conversation: the use cases of <c>Runs</c> in the words of a page, each under a time-out. Effects are
/// seen as events.
/// </summary>
internal sealed partial class ChatCommands(
    StartRun start,
    RunControl control,
    SteerRun steer,
    RaiseBudget raise,
    DecideApproval decide,
    AnswerQuestion answer,
    RequestLimits limits,
    TimeProvider time,
    ILogger<ChatCommands> logger)
{
    /// <summary>Longest message, in UTF-16 units. The circuit's message size is set to hold it with any characters.</summary>
    public const int MaxTextLength = 100_000;

    /// <summary>
    /// Sends a message. A new session takes the id of its first message, so the same message sent twice, even across a reload,
    /// starts one run in one session.
    /// </summary>
    /// <param name="user">Who sends.</param>
    /// <param name="chat">Where.</param>
    /// <param name="messageId">Made in the browser: 32 lower-case hexadecimal digits.</param>
    /// <param name="text">What is asked; may be empty beside files.</param>
    /// <param name="fileIds">What is attached, as the upload named it.</param>
    /// <param name="cancellationToken">Stops the waiting; a message that was already handed over is still saved.</param>
    public Task<CommandResult> SendAsync(
        UserInfo user,
        ChatSession chat,
        string messageId,
        string text,
        IReadOnlyList<string> fileIds,
        CancellationToken cancellationToken) => IsMessageId(messageId)
            ? StartAsync(chat, Request(user, chat, messageId, text, new RunParent.Latest()) with { FileIds = fileIds }, cancellationToken)
            : Task.FromResult(CommandResult.Refused(RefusalCode.Invalid, SessionText.PageOutOfDate));

    /// <summary>Makes ready for a message that is being written. It may do nothing, and what goes wrong is met when the message is sent.</summary>
    /// <param name="user">Who writes.</param>
    /// <param name="chat">Where.</param>
    /// <param name="messageId">The id that the message will have.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async Task PrepareAsync(UserInfo user, ChatSession chat, string messageId, CancellationToken cancellationToken)
    {
        if (!IsMessageId(messageId) || !limits.TryCountPreparation(user.Id))
        {
            return;
        }

        try
        {
            await start.PrepareAsync(user.AsOwner, chat.SessionId, SessionIdOf(messageId), cancellationToken);
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
    /// <param name="files">Which of the question's files stay.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public Task<CommandResult> EditAsync(
        UserInfo user,
        ChatSession chat,
        RunSummary run,
        string messageId,
        string text,
        IReadOnlyList<MessageFile> files,
        CancellationToken cancellationToken) => IsMessageId(messageId)
            ? StartAsync(
                chat,
                Request(user, chat, messageId, text, new RunParent.SameAs(run.RunId)) with { ReusedFiles = [.. run.Files.Where(files.Contains)] },
                cancellationToken)
            : Task.FromResult(CommandResult.Refused(RefusalCode.Invalid, SessionText.PageOutOfDate));

    /// <summary>Asks the same again: a new branch. Two presses, also in two tabs, make one.</summary>
    public Task<CommandResult> RetryAsync(UserInfo user, ChatSession chat, ChatRun run, CancellationToken cancellationToken) => StartAsync(
        chat,
        Request(user, chat, $"retry-{run.Run.RunId}-{run.Branches}", run.Run.Input, new RunParent.SameAs(run.Run.RunId)) with
        {
            ReusedFiles = run.Run.Files,
        },
        cancellationToken);

    /// <summary>Sends a message to the agent of one's own run that works. Who steers another's gives a reason (<c>SupervisionCommands</c>).</summary>
    /// <param name="user">Who sends it.</param>
    /// <param name="run">The run.</param>
    /// <param name="steerId">Made in the browser.</param>
    /// <param name="text">The message.</param>
    /// <param name="cancellationToken">Stops the waiting; a message that was already handed over is still saved.</param>
    public async Task<CommandResult> SteerAsync(
        UserInfo user, RunSummary run, string steerId, string text, CancellationToken cancellationToken) =>
        text.Length > MaxTextLength
            ? CommandResult.Refused(RefusalCode.Invalid, RunCommandText.TooLong(text.Length, MaxTextLength), "text")
            : !IsMessageId(steerId)
                ? CommandResult.Refused(RefusalCode.Invalid, SessionText.PageOutOfDate)
                : Plain(await StorageTimeout.RunAsync(
                    time, SessionText.MessageSlow, token => steer.SteerAsync(user.Id, run, steerId, text, reason: null, token), cancellationToken));

    /// <summary>Approves or denies a call that waits for a person.</summary>
    /// <param name="user">Who decides.</param>
    /// <param name="run">The run.</param>
    /// <param name="choice">What they chose.</param>
    /// <param name="cancellationToken">Stops the waiting; a decision that was handed over still counts.</param>
    public Task<CommandResult> DecideAsync(UserInfo user, RunSummary run, ApprovalChoice choice, CancellationToken cancellationToken) =>
        StorageTimeout.RunAsync(
            time, SessionText.DecisionSlow, token => decide.DecideAsync(user.Id, run, choice, token), cancellationToken);

    /// <summary>Answers a question of the agent; who does it for somebody else says why.</summary>
    /// <param name="user">Who answers.</param>
    /// <param name="run">The run.</param>
    /// <param name="callId">The call that asks.</param>
    /// <param name="text">The answer.</param>
    /// <param name="reason">Why it is given for somebody else, or null.</param>
    /// <param name="cancellationToken">Stops the waiting; an answer that was handed over still counts.</param>
    public Task<CommandResult> AnswerAsync(
        UserInfo user, RunSummary run, string callId, string text, string? reason, CancellationToken cancellationToken) =>
        StorageTimeout.RunAsync(
            time, SessionText.DecisionSlow, token => answer.AnswerAsync(user.Id, run, callId, text, reason, token), cancellationToken);

    /// <summary>Stops a run, or takes a queued one out of the queue.</summary>
    public Task<CommandResult> StopAsync(UserInfo user, RunSummary run, CancellationToken cancellationToken) =>
        CommandAsync(token => control.StopAsync(user.Id, run, reason: null, token), cancellationToken);

    /// <summary>Resumes one's own interrupted run. Who resumes another's gives a reason (<c>SupervisionCommands</c>).</summary>
    /// <param name="user">Who asks.</param>
    /// <param name="run">The run.</param>
    /// <param name="repeatUnknownTools">What to do with tools whose outcome is unknown.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public Task<CommandResult> ResumeAsync(UserInfo user, RunSummary run, bool repeatUnknownTools, CancellationToken cancellationToken) =>
        CommandAsync(token => control.ResumeAsync(user.Id, run, repeatUnknownTools, token), cancellationToken);

    /// <summary>Lets a run with a budget cost so much more, in micro-units; who does it for somebody else says why.</summary>
    public Task<CommandResult> RaiseBudgetAsync(
        UserInfo user, RunSummary run, long amountMicros, string? reason, CancellationToken cancellationToken) =>
        CommandAsync(token => raise.RaiseAsync(user.Id, run, amountMicros, reason, token), cancellationToken);

    /// <summary>Ends the wait before the next attempt of one's own run. Who does it in another's gives a reason (<c>SupervisionCommands</c>).</summary>
    public async Task<CommandResult> RetryNowAsync(UserInfo user, RunSummary run, CancellationToken cancellationToken)
    {
        var result = await CommandAsync(token => control.RetryNowAsync(user.Id, run, token), cancellationToken);

        // Too late means that the run has gone on by itself, which is what was asked for.
        return result.Code is RefusalCode.Conflict ? CommandResult.Done : result;
    }

    private static bool IsMessageId(string? messageId) =>
        messageId?.Length == 32 && messageId.All(char.IsAsciiHexDigitLower);

    private static string SessionIdOf(string messageId) => "ses_" + messageId;

    private static StartRunRequest Request(UserInfo user, ChatSession chat, string messageId, string text, RunParent parent) => new()
    {
        Caller = user.AsOwner,
        SessionId = chat.SessionId,
        NewSessionId = chat.SessionId is null ? SessionIdOf(messageId) : null,
        Input = text,
        MessageId = messageId,
        Parent = parent,
    };

    private async Task<CommandResult> StartAsync(ChatSession chat, StartRunRequest request, CancellationToken cancellationToken)
    {
        if (request.Input.Length > MaxTextLength)
        {
            return CommandResult.Refused(RefusalCode.Invalid, RunCommandText.TooLong(request.Input.Length, MaxTextLength), "text");
        }

        var from = chat.Visit;
        var result = Plain(await StorageTimeout.RunAsync(
            time, SessionText.MessageSlow, token => start.StartAsync(request, token, token), cancellationToken));
        if (result.Run is { } run)
        {
            await chat.AdoptAsync(run, from, cancellationToken);
        }

        return result;
    }

    private Task<CommandResult> CommandAsync(Func<CancellationToken, Task<CommandResult>> command, CancellationToken cancellationToken) =>
        StorageTimeout.RunAsync(time, SessionText.CommandSlow, command, cancellationToken);

    // The domain's own sentence about a message names limits of a request; on a page a plainer one helps.
    private static CommandResult Plain(CommandResult result) =>
        result is { Code: RefusalCode.Invalid, IsOfDomain: true }
            ? CommandResult.Refused(RefusalCode.Invalid, RunCommandText.MessageUnusable)
            : result;

    [LoggerMessage(LogLevel.Debug, "Nothing was prepared for session {SessionId}")]
    private partial void LogNotPrepared(Exception exception, string? sessionId);
}
