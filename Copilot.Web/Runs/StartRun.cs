using Copilot.Domain.Costs;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Files;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Runs;
using Copilot.Web.Storage.Sessions;
using Copilot.Web.Supervision.Incident;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Runs;

/// <summary>
/// Starts runs: for a page and for the API, by the same rules in the same order. <see cref="IRunAccess"/> is asked at every call.
/// </summary>
internal sealed partial class StartRun(
    IRuns runs,
    IRunPreparations preparations,
    IRunAccess access,
    SessionStore sessions,
    AgentStore agents,
    FileStore files,
    FreeSpace space,
    IdempotentStart idempotent,
    IntakeStops intake,
    PriceTable prices,
    IOptions<UpstreamOptions> upstream,
    TimeProvider time,
    ILogger<StartRun> logger)
{
    /// <summary>Starts a run, or queues it behind the session's active one. Accepted once its first events are committed.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="cancellationToken">Stops the checks before the start.</param>
    /// <param name="startCancellationToken">
    /// Stops the waiting for the start itself, which might be committed all the same; none for a caller who may leave.
    /// </param>
    public async Task<CommandResult> StartAsync(
        StartRunRequest request, CancellationToken cancellationToken, CancellationToken startCancellationToken)
    {
        try
        {
            return await StartOnceAsync(request, cancellationToken, startCancellationToken);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogRefused(exception, request.SessionId ?? request.NewSessionId);
            return CommandResult.Refused(RefusalCode.StorageUnavailable, RunCommandText.MessageNotSaved);
        }
        catch (ArgumentException exception)
        {
            // The one exception whose text is meant for the caller (IRuns.StartAsync).
            LogRefused(exception, request.SessionId ?? request.NewSessionId);
            return CommandResult.Invalid(exception, "input");
        }
    }

    /// <summary>Makes ready for a message that is being written, if its writer may send it. What goes wrong is met at the start.</summary>
    /// <param name="caller">Who writes.</param>
    /// <param name="sessionId">The session; null for a new one.</param>
    /// <param name="newSessionId">The id that a new session will have.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async Task PrepareAsync(RunOwner caller, string? sessionId, string newSessionId, CancellationToken cancellationToken)
    {
        var owner = await FindOwnerAsync(caller, sessionId, newSessionId, cancellationToken);
        if (owner is null || await access.TryAcquireAsync(caller.UserId, owner, RunAction.Write, cancellationToken) is null
            || await sessions.IsBeingErasedAsync(sessionId ?? newSessionId, cancellationToken))
        {
            return;
        }

        var agent = await agents.GetDefaultAsync(cancellationToken);
        await preparations.PrepareAsync(
            new RunPreparationRequest { SessionId = sessionId ?? newSessionId, Owner = owner, Agent = agent }, cancellationToken);
    }

    private async Task<CommandResult> StartOnceAsync(
        StartRunRequest request, CancellationToken cancellationToken, CancellationToken startCancellationToken)
    {
        var owner = await FindOwnerAsync(request.Caller, request.SessionId, request.NewSessionId, cancellationToken);
        if (owner is null)
        {
            return CommandResult.Refused(RefusalCode.NotFound, RunCommandText.ConversationGone, "session_id");
        }

        if (await access.TryAcquireAsync(request.Caller.UserId, owner, request.Right, cancellationToken) is not { } lease)
        {
            return CommandResult.Refused(RefusalCode.Denied, RunCommandText.WriteDenied, "session_id");
        }

        var sessionId = request.SessionId ?? request.NewSessionId;
        if (sessionId is not null && await sessions.IsBeingErasedAsync(sessionId, cancellationToken))
        {
            return CommandResult.Refused(RefusalCode.BeingDeleted, RunCommandText.ConversationBeingDeleted, "session_id");
        }

        if (space.IsLow())
        {
            return CommandResult.Refused(RefusalCode.DiskNearlyFull, RunCommandText.DiskNearlyFull);
        }

        var chosen = await files.ChooseAsync(request.FileIds, request.Caller.UserId, sessionId, cancellationToken);
        if (chosen.Problem is not null)
        {
            return CommandResult.Refused(RefusalCode.Invalid, chosen.Problem, "files");
        }

        IReadOnlyList<MessageFile> attached = [.. request.ReusedFiles, .. chosen.Files];
        if (string.IsNullOrWhiteSpace(request.Input) && attached.Count == 0 && request.Parent is not RunParent.Fork)
        {
            return CommandResult.Refused(RefusalCode.Invalid, RunCommandText.NothingWritten, "input");
        }

        var agent = request.Agent ?? await agents.GetDefaultAsync(cancellationToken);
        if (await intake.FindRefusalAsync(agent.Id, request.Caller.UserId, cancellationToken) is { } stopped)
        {
            return CommandResult.Refused(RefusalCode.IntakeStopped, stopped);
        }

        var model = agent.Model ?? upstream.Value.Model;
        if (request.BudgetMicros is not null && prices.Find(model) is null)
        {
            // What has no price has no cost that could be counted: such a budget would limit nothing.
            return CommandResult.Refused(RefusalCode.Invalid, RunCommandText.BudgetWithoutPrice(model), "budget");
        }

        var run = new RunRequest
        {
            SessionId = sessionId ?? "",
            Owner = owner,
            Actor = lease.Actor,
            ApiKeyId = request.ApiKeyId,
            Trace = request.Trace,
            Agent = agent,
            Input = request.Input,
            Files = attached,
            MessageId = request.MessageId,
            Parent = request.Parent,
            BudgetMicros = request.BudgetMicros,
            TextFormat = request.TextFormat,
            Metadata = request.Metadata,
        };
        return await RequestAsync(run, request.Idempotency, cancellationToken, startCancellationToken) switch
        {
            StartOutcome.Started started => CommandResult.Started(started.Run),
            StartOutcome.SessionTaken => CommandResult.Refused(RefusalCode.NotFound, RunCommandText.ConversationGone, "session_id"),
            StartOutcome.TooMany tooMany => CommandResult.TooMany(tooMany.Message, tooMany.RetryAfter, tooMany.Code),
            _ => CommandResult.Refused(RefusalCode.KeyReused, RunCommandText.KeyReused),
        };
    }

    private async Task<StartOutcome?> RequestAsync(
        RunRequest run, IdempotencyKey? key, CancellationToken cancellationToken, CancellationToken startCancellationToken) =>
        key is not null
            ? (await idempotent.StartAsync(key, run, cancellationToken)).Outcome
            : await runs.StartAsync(
                run.SessionId.Length > 0 ? run : run with { SessionId = RunIds.NewSession(time) }, startCancellationToken);

    // Whose the session is; null when it does not exist, was deleted, or its id was chosen for a new one and is somebody else's.
    private async Task<RunOwner?> FindOwnerAsync(
        RunOwner caller, string? sessionId, string? newSessionId, CancellationToken cancellationToken)
    {
        if ((sessionId ?? newSessionId) is not { } id)
        {
            return caller;
        }

        return await sessions.FindOwnerAsync(id, cancellationToken) switch
        {
            null => sessionId is null ? caller : null,
            { IsDeleted: true } => null,
            var known when sessionId is null && known.UserId != caller.UserId => null,
            var known => new RunOwner(known.UserId, known.TeamId),
        };
    }

    [LoggerMessage(LogLevel.Warning, "A message in session {SessionId} was refused")]
    private partial void LogRefused(Exception exception, string? sessionId);
}
