using Copilot.Domain.Audit;
using Copilot.Domain.Costs;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Forks;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Tools;
using Copilot.Web.Files;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Runs;
using Copilot.Web.Storage.Sessions;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Runs.Forking;

/// <summary>
/// Carries out a run again from a step on, with another message, other arguments or another model: a new run in a new conversation of who
/// asks. Earlier steps are read from the run's log. <see cref="IRunAccess"/> is asked at every call: who may see a run may fork it.
/// </summary>
internal sealed partial class ForkRun(
    IRunEventStore store,
    IRunAccess access,
    StartRun start,
    SessionStore sessions,
    AgentStore agents,
    FileStore files,
    ToolRegistry registry,
    ToolApprovals approvals,
    IOptions<UpstreamOptions> upstream,
    IOptions<PriceOptions> prices,
    ILogger<ForkRun> logger)
{
    private const int Page = 1000;
    private const long MostEvents = 200_000;
    private const long MostBytes = 128L * 1024 * 1024;

    /// <summary>What a person sees before; null with the reason where the run cannot be forked.</summary>
    /// <param name="userId">Who asks.</param>
    /// <param name="runId">The run.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<(ForkPreview? Preview, CommandResult Result)> ReadAsync(string userId, string runId, CancellationToken cancellationToken)
    {
        try
        {
            var (read, refusal) = await FindAsync(userId, runId, cancellationToken);
            if (read is not { } found)
            {
                return (null, refusal!);
            }

            var model = ModelOf(found.Forkable);
            return (
                new ForkPreview(
                    found.Forkable,
                    model,
                    [model, .. (await ModelsAsync(found.Forkable, cancellationToken)).Where(one => one != model)],
                    registry.Definitions.ToDictionary(tool => tool.Name, EffectOf)),
                CommandResult.Done);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogRefused(exception, runId);
            return (null, CommandResult.Refused(RefusalCode.StorageUnavailable, RunCommandText.CommandNotSaved));
        }
    }

    /// <summary>Forks a run. Accepted once the fork's first events are committed.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="record">Records that this run is forked at this event; called when nothing speaks against it, and before anything is read for it.</param>
    /// <param name="cancellationToken">Stops the checks before the start.</param>
    /// <param name="startCancellationToken">Stops the waiting for the start itself; none for a caller who may leave.</param>
    /// <exception cref="AccessNotRecordedException">It could not be recorded: nothing was started.</exception>
    public async Task<CommandResult> ForkAsync(
        ForkRequest request, Func<RunSummary, long, Task> record, CancellationToken cancellationToken, CancellationToken startCancellationToken)
    {
        try
        {
            return await ForkOnceAsync(request, record, cancellationToken, startCancellationToken);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogRefused(exception, request.RunId);
            return CommandResult.Refused(RefusalCode.StorageUnavailable, RunCommandText.CommandNotSaved);
        }
    }

    private async Task<CommandResult> ForkOnceAsync(
        ForkRequest request, Func<RunSummary, long, Task> record, CancellationToken cancellationToken, CancellationToken startCancellationToken)
    {
        var (read, refusal) = await FindAsync(request.Caller.UserId, request.RunId, cancellationToken);
        if (read is not var (run, forkable))
        {
            return refusal!;
        }

        if (request.Seq < 1 || request.Seq > run.HeadSeq)
        {
            return CommandResult.Refused(RefusalCode.Invalid, ForkRunText.NoSuchEvent(run.HeadSeq), "seq");
        }

        var step = forkable.StepAt(request.Seq);
        ForkCall? changed = null;
        if (request.Arguments is not null)
        {
            changed = forkable.CallAt(request.Seq) ?? (step.Calls is [var only] ? only : null);
            if (ProblemOf(step, changed, request.Arguments) is { } problem)
            {
                return problem;
            }
        }

        if (request.Model is { } model && !(await ModelsAsync(forkable, cancellationToken)).Contains(model))
        {
            return CommandResult.Refused(RefusalCode.Invalid, ForkRunText.OtherModel, "model");
        }

        await record(run, step.Seq);
        var title = (await sessions.FindAsync(run.SessionId, cancellationToken))?.Title is { Length: > 0 } called ? called : run.Input;
        var chosen = request.Model is { } other && other != ModelOf(forkable) ? other : null;
        var limits = await agents.GetDefaultAsync(cancellationToken);
        var copies = step.IsMessage ? await files.CopyAsync(run.Files, request.Caller, cancellationToken) : [];
        var result = await start.StartAsync(
            new StartRunRequest
            {
                Caller = request.Caller,
                ApiKeyId = request.ApiKeyId,
                Trace = request.Trace,
                NewSessionId = request.NewSessionId,
                Input = request.Message ?? (step.IsMessage ? step.Text : ""),
                ReusedFiles = copies,
                MessageId = request.MessageId,
                Parent = new RunParent.Fork(forkable.Fork(step, changed, request.Arguments, chosen, ForkRunText.Title(title))),
                TextFormat = forkable.TextFormat,
                Idempotency = request.Idempotency,
                // Its own words and tools, and what a run may take today.
                Agent = forkable.Agent with
                {
                    Model = request.Model ?? forkable.Agent.Model,
                    MaxToolRounds = limits.MaxToolRounds,
                    MaxFailedRounds = limits.MaxFailedRounds,
                    MaxDuration = limits.MaxDuration,
                    BudgetMicros = limits.BudgetMicros,
                    BudgetCurrency = limits.BudgetCurrency,
                    OnBudget = limits.OnBudget,
                },
            },
            cancellationToken,
            startCancellationToken);
        if (result.Run is { } fork)
        {
            LogForked(run.RunId, step.Seq, fork.RunId);
        }

        await RemoveUnusedAsync(copies.ExceptBy(result.Run?.Files.Select(file => file.Id) ?? [], file => file.Id), request);

        // A start calls it otherwise.
        return result is { Code: RefusalCode.Invalid, Problems: [{ Field: "input" } wrong] }
            ? CommandResult.Refused(RefusalCode.Invalid, wrong.Message, "message")
            : result;
    }

    // Of a start that was refused, or that had been made before: they would count as uploads that nobody uses.
    private async Task RemoveUnusedAsync(IEnumerable<MessageFile> copies, ForkRequest request)
    {
        foreach (var copy in copies)
        {
            try
            {
                await files.RemoveUnusedAsync(copy.Id, request.Caller.UserId, CancellationToken.None);
            }
            catch (Exception exception) when (StorageFailure.Is(exception))
            {
                LogNotRemoved(exception, copy.Id);
            }
        }
    }

    private CommandResult? ProblemOf(ForkStep step, ForkCall? call, string arguments)
    {
        if (call is null)
        {
            return CommandResult.Refused(
                RefusalCode.Invalid, step.Calls.Count > 1 ? ForkRunText.NoSuchCall : ForkRunText.NoCall, step.Calls.Count > 1 ? "seq" : "arguments");
        }

        if (call.IsHosted)
        {
            return CommandResult.Refused(RefusalCode.Invalid, ForkRunText.HostedCall, "arguments");
        }

        return approvals.ErrorsOf(call.Name, arguments) is { Count: > 0 } errors
            ? CommandResult.Invalid([.. errors.Select(error => new FieldProblem("arguments", error.Message))])
            : null;
    }

    private async Task<((RunSummary Run, ForkableRun Forkable)? Found, CommandResult? Refusal)> FindAsync(
        string userId, string runId, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(runId, cancellationToken) is not { } run
            || await access.TryAcquireAsync(userId, new RunOwner(run.UserId, run.TeamId), RunAction.View, cancellationToken) is null)
        {
            return (null, CommandResult.Refused(RefusalCode.NotFound, RunCommandText.RunGone));
        }

        if (run.ForgottenAt is not null || await sessions.IsBeingErasedAsync(run.SessionId, cancellationToken))
        {
            return (null, CommandResult.Refused(RefusalCode.BeingDeleted, ForkRunText.Deleted));
        }

        if (run.UserId != userId && !await SeesOriginsAsync(userId, run, cancellationToken))
        {
            return (null, CommandResult.Refused(RefusalCode.Forbidden, ForkRunText.OriginHidden));
        }

        // The pieces of answers stand in their ends once more, and most events are such.
        var events = new List<RunEvent>();
        var bytes = 0L;
        while (await store.ReadWithoutPiecesAsync(runId, events.Count == 0 ? 0 : events[^1].Seq, Page, cancellationToken) is { Count: > 0 } page)
        {
            events.AddRange(page);
            bytes += page.Sum(one => (long)one.Data.Length);
            if (events.Count > MostEvents || bytes > MostBytes)
            {
                return (null, CommandResult.Refused(RefusalCode.Conflict, ForkRunText.TooLong));
            }
        }

        if (ForkableRun.Read(run, events, upstream.Value.Store) is { } forkable)
        {
            return ((run, forkable), null);
        }

        return (null, events.Any(one => one.IsErased)
            ? CommandResult.Refused(RefusalCode.BeingDeleted, ForkRunText.Deleted)
            : CommandResult.Refused(RefusalCode.Conflict, ForkRunText.NothingYet));
    }

    // The conversation of a fork is read from the logs of what it was forked from, and its agent tells what stands there: somebody who
    // may see the fork and not those would read them by asking.
    private async Task<bool> SeesOriginsAsync(string userId, RunSummary run, CancellationToken cancellationToken)
    {
        var sessions = new Queue<string>([run.SessionId]);
        var seen = new HashSet<string>(sessions, StringComparer.Ordinal);
        while (sessions.TryDequeue(out var session))
        {
            foreach (var source in (await store.ReadSessionAsync(session, cancellationToken)).Select(one => one.ForkedFrom).OfType<ForkSource>())
            {
                if (await store.FindAsync(source.RunId, cancellationToken) is not { } origin)
                {
                    continue;
                }

                if (await access.TryAcquireAsync(userId, new RunOwner(origin.UserId, origin.TeamId), RunAction.View, cancellationToken) is null)
                {
                    return false;
                }

                if (seen.Add(origin.SessionId))
                {
                    sessions.Enqueue(origin.SessionId);
                }
            }
        }

        return true;
    }

    private ForkEffect EffectOf(ToolDefinition tool) => approvals.IsRequired(tool.Name) ? ForkEffect.NeedsApproval
        : tool.ReadOnly ? ForkEffect.Reads
        : ForkEffect.Writes;

    private string ModelOf(ForkableRun run) => run.Agent.Model ?? upstream.Value.Model;

    // Whoever forks cannot spend on a model that nobody has put a price on: its own, the configured one, today's agent's, and those with a price.
    private async Task<IReadOnlyList<string>> ModelsAsync(ForkableRun run, CancellationToken cancellationToken) =>
    [
        .. ((string?[])[ModelOf(run), upstream.Value.Model, (await agents.GetDefaultAsync(cancellationToken)).Model])
            .Concat(prices.Value.Models.Select(price => price.Model).Where(name => !name.EndsWith('*')))
            .OfType<string>()
            .Distinct(),
    ];

    [LoggerMessage(LogLevel.Warning, "Run {RunId} could not be forked: storage is unavailable")]
    private partial void LogRefused(Exception exception, string runId);

    [LoggerMessage(LogLevel.Warning, "The copy {FileId} of a file, which nothing uses, was not removed; the next clean-up removes it")]
    private partial void LogNotRemoved(Exception exception, string fileId);

    [LoggerMessage(LogLevel.Information, "Run {RunId} was forked at {Seq} as {ForkId}")]
    private partial void LogForked(string runId, long seq, string forkId);
}
