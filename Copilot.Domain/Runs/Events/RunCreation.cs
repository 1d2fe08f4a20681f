using System.Text;
using System.Text.Json;

namespace Copilot.Domain.Runs.Events;

/// <summary>The data of <c>run.created</c>: what a run needs to be taken up again by anybody.</summary>
internal sealed record RunCreation
{
    public required string SessionId { get; init; }

    public required RunOwner Owner { get; init; }

    public required AgentSnapshot Agent { get; init; }

    public string? ParentRunId { get; init; }

    public long? ParentSeq { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>The API's <c>text.format</c> as UTF-8 JSON; empty for prose.</summary>
    public ReadOnlyMemory<byte> TextFormat { get; init; }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("session_id", SessionId);
        writer.WriteString("user_id", Owner.UserId);
        writer.WriteString("team_id", Owner.TeamId);
        writer.WriteString("parent_run_id", ParentRunId);
        if (ParentSeq is { } seq)
        {
            writer.WriteNumber("parent_seq", seq);
        }
        else
        {
            writer.WriteNull("parent_seq");
        }

        writer.WriteStartObject("agent");
        writer.WriteString("id", Agent.Id);
        writer.WriteNumber("version", Agent.Version);
        writer.WriteString("name", Agent.Name);
        writer.WriteString("model", Agent.Model);
        writer.WriteString("instructions", Agent.Instructions);
        if (Agent.Tools is { } tools)
        {
            writer.WriteStartArray("tools");
            foreach (var tool in tools)
            {
                writer.WriteStringValue(tool);
            }

            writer.WriteEndArray();
        }

        if (Agent.HostedTools is { Count: > 0 } hosted)
        {
            writer.WriteStartArray("hosted_tools");
            foreach (var tool in hosted)
            {
                writer.WriteStartObject();
                writer.WriteString("type", tool.Type);
                if (tool.Label is { } label)
                {
                    writer.WriteString("server_label", label);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteStartObject("limits");
        writer.WriteNumber("tool_rounds", Agent.MaxToolRounds);
        writer.WriteNumber("failed_rounds", Agent.MaxFailedRounds);
        writer.WriteNumber("duration_ms", (long)Agent.MaxDuration.TotalMilliseconds);
        if (Agent.BudgetMicros is { } budget)
        {
            writer.WriteNumber("budget_micros", budget);
            writer.WriteString("budget_currency", Agent.BudgetCurrency);
            writer.WriteString("on_budget", Agent.OnBudget is OnBudget.Ask ? "ask" : "stop");
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        if (!TextFormat.IsEmpty)
        {
            writer.WritePropertyName("text_format");
            writer.WriteRawValue(TextFormat.Span);
        }

        writer.WriteStartObject("metadata");
        foreach (var (key, value) in Metadata)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }

    /// <exception cref="InvalidDataException">The event is not a usable <c>run.created</c>, or was forgotten.</exception>
    public static RunCreation Read(RunEvent created)
    {
        using var document = created.ParseData();
        if (document is null || created.Type != RunEventTypes.RunCreated)
        {
            throw new InvalidDataException($"Run {created.RunId} cannot go on: its first event is missing or forgotten.");
        }

        var root = document.RootElement;
        var agent = root.GetProperty("agent");
        var limits = agent.GetProperty("limits");
        var budget = ReadBudget(limits);
        return new RunCreation
        {
            SessionId = root.GetProperty("session_id").GetString()!,
            Owner = new RunOwner(root.GetProperty("user_id").GetString()!, root.GetProperty("team_id").GetString()!),
            ParentRunId = root.GetProperty("parent_run_id").GetString(),
            ParentSeq = root.GetProperty("parent_seq") is { ValueKind: JsonValueKind.Number } seq ? seq.GetInt64() : null,
            Metadata = root.GetProperty("metadata").EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString() ?? ""),
            TextFormat = root.TryGetProperty("text_format", out var format) ? Encoding.UTF8.GetBytes(format.GetRawText()) : default,
            Agent = new AgentSnapshot
            {
                Id = agent.GetProperty("id").GetString()!,
                Version = agent.GetProperty("version").GetInt32(),
                Name = agent.GetProperty("name").GetString()!,
                Model = agent.GetProperty("model").GetString(),
                Instructions = agent.GetProperty("instructions").GetString()!,
                Tools = agent.TryGetProperty("tools", out var tools) ? [.. tools.EnumerateArray().Select(tool => tool.GetString()!)] : null,
                HostedTools = agent.TryGetProperty("hosted_tools", out var hosted) ? [.. hosted.EnumerateArray().Select(ReadHosted)] : [],
                MaxToolRounds = limits.GetProperty("tool_rounds").GetInt32(),
                MaxFailedRounds = limits.GetProperty("failed_rounds").GetInt32(),
                MaxDuration = TimeSpan.FromMilliseconds(limits.GetProperty("duration_ms").GetInt64()),
                BudgetMicros = budget.Micros,
                BudgetCurrency = budget.Currency,
                OnBudget = budget.Micros is null ? null : budget.Then,
            },
        };
    }
    private static HostedToolRef ReadHosted(JsonElement tool) => new(
        tool.GetProperty("type").GetString()!,
        tool.TryGetProperty("server_label", out var label) ? label.GetString() : null);

    /// <summary>The limits of <c>run.created</c>, of which old runs have none.</summary>
    internal static (long? Micros, string? Currency, OnBudget Then) ReadBudget(JsonElement limits) =>
        limits.ValueKind is JsonValueKind.Object
        && limits.TryGetProperty("budget_micros", out var micros)
        && micros.ValueKind is JsonValueKind.Number
        && micros.TryGetInt64(out var amount)
            ? (amount, String(limits, "budget_currency"), String(limits, "on_budget") == "ask" ? OnBudget.Ask : OnBudget.Stop)
            : (null, null, OnBudget.Stop);

    private static string? String(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
