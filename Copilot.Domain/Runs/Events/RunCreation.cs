using System.Text;
using System.Text.Json;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.HostedTools;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Events;

/// <summary>The data of <c>run.created</c>: what a run needs to be taken up again by anybody.</summary>
internal sealed record RunCreation
{
    public required string SessionId { get; init; }

    public required RunOwner Owner { get; init; }

    public required AgentSnapshot Agent { get; init; }

    /// <summary>The API key that started it, or null.</summary>
    public string? ApiKeyId { get; init; }

    /// <summary>A keyed hash of what was asked for with an idempotency key; null without one.</summary>
    public string? RequestHash { get; init; }

    public string? ParentRunId { get; init; }

    public long? ParentSeq { get; init; }

    /// <summary>Its number among the runs of its session, from 1; null in old runs.</summary>
    public long? Ordinal { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>The API's <c>text.format</c> as UTF-8 JSON; empty for prose.</summary>
    public ReadOnlyMemory<byte> TextFormat { get; init; }

    /// <summary>The run's span as a W3C <c>traceparent</c>: a run that is resumed after a restart stays in its trace. Null in old runs.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The event that says all this.</summary>
    public RunCreated ToEvent() => new(
        SessionId,
        Owner.UserId,
        Owner.TeamId,
        ParentRunId,
        ParentSeq,
        new CreatedAgent(
            Agent.Id,
            Agent.Version,
            Agent.Name,
            Agent.Model,
            Agent.Instructions,
            Agent.Tools,
            Agent.HostedTools is { Count: > 0 } hosted ? [.. hosted.Select(tool => new CreatedHostedTool(tool.Type, tool.Label))] : null,
            new CreatedLimits(
                Agent.MaxToolRounds,
                Agent.MaxFailedRounds,
                Agent.MaxDuration,
                Agent.BudgetMicros,
                Agent.BudgetMicros is null ? null : Agent.BudgetCurrency,
                Agent.BudgetMicros is null ? null : Agent.OnBudget ?? OnBudget.Stop)),
        TextFormat.IsEmpty ? null : new JsonBytes(TextFormat),
        Metadata,
        ApiKeyId)
    {
        TraceParent = TraceParent,
        Ordinal = Ordinal,
        RequestHash = RequestHash,
    };

    /// <exception cref="InvalidDataException">The event is not a usable <c>run.created</c>, or was erased.</exception>
    public static RunCreation Read(RunEvent created)
    {
        if (created is not { IsErased: false, Payload: RunCreated { SessionId: not null, UserId: not null, TeamId: not null, Agent: { } agent } run }
            || agent is not { Id: not null, Name: not null, Instructions: not null, Limits: { } limits })
        {
            throw new InvalidDataException($"Run {created.RunId} cannot go on: its first event is missing or was deleted.");
        }

        return new RunCreation
        {
            SessionId = run.SessionId,
            Owner = new RunOwner(run.UserId, run.TeamId),
            ApiKeyId = run.ApiKeyId,
            TraceParent = run.TraceParent,
            ParentRunId = run.ParentRunId,
            ParentSeq = run.ParentSeq,
            Ordinal = run.Ordinal,
            RequestHash = run.RequestHash,
            Metadata = run.Metadata ?? new Dictionary<string, string>(),
            TextFormat = run.TextFormat?.Utf8 ?? default,
            Agent = new AgentSnapshot
            {
                Id = agent.Id,
                Version = (int)(agent.Version ?? 0),
                Name = agent.Name,
                Model = agent.Model,
                Instructions = agent.Instructions,
                Tools = agent.Tools,
                HostedTools = [.. (agent.HostedTools ?? []).Select(tool => new HostedToolRef(tool.Type ?? "", tool.ServerLabel))],
                MaxToolRounds = (int)(limits.ToolRounds ?? 0),
                MaxFailedRounds = (int)(limits.FailedRounds ?? 0),
                MaxDuration = limits.Duration ?? TimeSpan.Zero,
                BudgetMicros = limits.BudgetMicros,
                BudgetCurrency = limits.BudgetMicros is null ? null : limits.BudgetCurrency,
                OnBudget = limits.BudgetMicros is null ? null : limits.OnBudget ?? OnBudget.Stop,
            },
        };
    }
}
