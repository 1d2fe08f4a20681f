using System.Text.Json;
using System.Text.Json.Serialization;
using Copilot.Domain.Runs.HostedTools;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Events.Payloads;

/// <summary>
/// <c>run.created</c>, always seq 1, by the person or key that asked: all that is needed to recover the run. Later changes of the agent or
/// the configuration change nothing of it.
/// </summary>
/// <param name="SessionId">Its session.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="TeamId">Whose supervisors see it.</param>
/// <param name="ParentRunId">The run it continues; null for the first of a conversation.</param>
/// <param name="ParentSeq">The parent's seq up to which it continues; null where there is no parent.</param>
/// <param name="Agent">Who answers.</param>
/// <param name="TextFormat">The API's <c>text.format</c>; null for prose.</param>
/// <param name="Metadata">What the client sent along; goes upstream as it is.</param>
/// <param name="ApiKeyId">The API key that started it; null for a page.</param>
public sealed record RunCreated(
    string? SessionId,
    string? UserId,
    string? TeamId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ParentRunId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? ParentSeq,
    CreatedAgent? Agent,
    JsonBytes? TextFormat,
    IReadOnlyDictionary<string, string>? Metadata,
    string? ApiKeyId) : RunEventPayload
{
    /// <summary>The run's span as a W3C <c>traceparent</c>; null in runs from before it was recorded.</summary>
    [JsonPropertyName("traceparent")]
    public string? TraceParent { get; init; }

    /// <summary>
    /// Its number among the runs of its session, in the order in which they were asked for, from 1; null in runs from before it was recorded.
    /// </summary>
    public long? Ordinal { get; init; }

    /// <summary>
    /// A keyed hash of all that was asked for with an idempotency key, in hexadecimal digits: the key with something else is refused also
    /// where only the run knows of it. Null without a key, and in runs from before it was recorded.
    /// </summary>
    public string? RequestHash { get; init; }

    /// <summary>The type of the format that was asked for (<c>json_schema</c>, <c>json_object</c>); null for prose.</summary>
    [JsonIgnore]
    public string? TextFormatType
    {
        get
        {
            if (TextFormat is not { } format)
            {
                return null;
            }

            using var document = JsonDocument.Parse(format.Utf8);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("type", out var type) && type.ValueKind is JsonValueKind.String
                    ? type.GetString()
                    : null;
        }
    }
}

/// <summary>The agent's version that a run was created with.</summary>
/// <param name="Id">Agent id (<c>agt_…</c>).</param>
/// <param name="Version">Version number, from 1.</param>
/// <param name="Name">Name shown to people.</param>
/// <param name="Model">Model asked for; null for the configured one.</param>
/// <param name="Instructions">System instructions.</param>
/// <param name="Tools">Names of the tools it may call; null for all that are registered.</param>
/// <param name="HostedTools">Tools that the upstream runs for it; null where there are none.</param>
/// <param name="Limits">What the run may take and cost.</param>
public sealed record CreatedAgent(
    string? Id,
    long? Version,
    string? Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Model,
    string? Instructions,
    IReadOnlyList<string>? Tools,
    IReadOnlyList<CreatedHostedTool>? HostedTools,
    CreatedLimits? Limits);

/// <summary>A tool that the upstream runs, without a secret.</summary>
/// <param name="Type">The API's type, for example <c>web_search</c> or <c>mcp</c>.</param>
/// <param name="ServerLabel">The MCP server's label; null for other types.</param>
public sealed record CreatedHostedTool(string? Type, string? ServerLabel);

/// <summary>The limits of a run.</summary>
/// <param name="ToolRounds">Largest number of rounds in which tools are called.</param>
/// <param name="FailedRounds">Largest number of rounds in a row in which every call failed.</param>
/// <param name="Duration">How long the whole run may take.</param>
/// <param name="BudgetMicros">What it may cost, in millionths of the currency's unit; null where there is no limit.</param>
/// <param name="BudgetCurrency">The budget's currency; null with the budget, or where no prices were configured.</param>
/// <param name="OnBudget">What happens when the budget is used up; null with the budget.</param>
public sealed record CreatedLimits(
    long? ToolRounds,
    long? FailedRounds,
    [property: JsonPropertyName("duration_ms")] TimeSpan? Duration,
    long? BudgetMicros,
    string? BudgetCurrency,
    OnBudget? OnBudget);
