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
/// Carries out a run again from a step on, with other words, other arguments or another model: a new run in a new conversation of who
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

    /// <summary>What a person is told before; null with the reason where the run cannot be forked.</summary>
    /// <param name="userId">Who asks.</param>
    /// <param name="runId">The run.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<(ForkOffer? Offer, CommandResult Result)> ReadAsync(string userId, string runId, CancellationToken cancellationToken)
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
                new ForkOffer(
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
    /// <param name="cancellationToken">Stops the checks before the start.</param>
    /// <param name="startCancellationToken">Stops the waiting for the start itself; none for a caller who may leave.</param>
    public async Task<CommandResult> ForkAsync(ForkRequest request, CancellationToken cancellationToken, CancellationToken startCancellationToken)
    {
        try
        {
            return await ForkOnceAsync(request, cancellationToken, startCancellationToken);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogRefused(exception, request.RunId);
            return CommandResult.Refused(RefusalCode.StorageUnavailable, RunCommandText.CommandNotSaved);
        }
    }

    private async Task<CommandResult> ForkOnceAsync(ForkRequest request, CancellationToken cancellationToken, CancellationToken startCancellationToken)
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

        var title = (await sessions.FindAsync(run.SessionId, cancellationToken))?.Title is { Length: > 0 } called ? called : run.Input;
        var chosen = request.Model is { } other && other != ModelOf(forkable) ? other : null;
        var limits = await agents.GetDefaultAsync(cancellationToken);
        var result = await start.StartAsync(
            new StartRunRequest
            {
                Caller = request.Caller,
                ApiKeyId = request.ApiKeyId,
                NewSessionId = request.NewSessionId,
                Input = request.Message ?? (step.IsMessage ? step.Text : ""),
                ReusedFiles = step.IsMessage ? await files.CopyAsync(run.Files, request.Caller, cancellationToken) : [],
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

        return result;
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

        // The pieces of answers stand in their ends once more, and most events are such.
        var events = new List<RunEvent>();
        while (await store.ReadWithoutPiecesAsync(runId, events.Count == 0 ? 0 : events[^1].Seq, Page, cancellationToken) is { Count: > 0 } page)
        {
            events.AddRange(page);
            if (events.Count > MostEvents)
            {
                return (null, CommandResult.Refused(RefusalCode.Invalid, ForkRunText.TooLong));
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

    [LoggerMessage(LogLevel.Information, "Run {RunId} was forked at {Seq} as {ForkId}")]
    private partial void LogForked(string runId, long seq, string forkId);
}
