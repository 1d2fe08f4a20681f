using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Copilot.Domain.Erasure;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.HostedTools;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.State;

namespace Copilot.Tests.Golden;

/// <summary>
/// What a run's events fold to, as JSON. The names in it are written here, so that renaming a type or a member changes nothing;
/// enumerations are their numbers.
/// </summary>
internal static class GoldenResult
{
    /// <summary>Everything that is folded of these runs, each for itself.</summary>
    public static string Of(IEnumerable<IReadOnlyList<RunEvent>> runs)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            foreach (var events in runs)
            {
                Write(json, events);
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    /// <summary>One summary as JSON.</summary>
    public static string Of(RunSummary summary)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(json, summary);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<RunEvent> events)
    {
        json.WriteStartObject();
        json.WriteString("run_id", events[0].RunId);
        json.WriteNumber("events", events.Count);
        json.WriteBoolean("chain_holds", ChainHolds(events));
        if (events[0].IsErased)
        {
            json.WriteBoolean("forgotten", true);
        }
        else
        {
            json.WritePropertyName("creation");
            Write(json, RunCreation.Read(events[0]));
        }

        json.WritePropertyName("summary");
        Write(json, events.Aggregate((RunSummary?)null, RunSummaryFold.Apply)!);
        WriteInput(json, events);
        WritePeople(json, events);
        json.WriteStartArray("upstream");
        var traces = new StoredResponseFold();
        foreach (var one in events)
        {
            traces.Apply(one);
        }

        foreach (var trace in traces.Responses)
        {
            json.WriteStringValue(string.Create(
                CultureInfo.InvariantCulture,
                $"{trace.Seq} {RunTime.ToMicroseconds(trace.SentAt)} {trace.ResponseId} {(int?)trace.Transport} {trace.Endpoint} {trace.Stored} {trace.Ending?.Reason} {trace.Ending?.CloseCode}"));
        }

        json.WriteEndArray();
        json.WritePropertyName("timeline");
        GoldenTimeline.Write(json, TimelineReducer.Apply(TimelineState.Empty, events));
        json.WriteEndObject();
    }

    private static bool ChainHolds(IReadOnlyList<RunEvent> events)
    {
        var hash = RunEventChain.Start;
        foreach (var one in events)
        {
            if (!RunEventChain.Verify(one, hash))
            {
                return false;
            }

            hash = one.Hash;
        }

        return true;
    }

    private static void Write(Utf8JsonWriter json, RunCreation creation)
    {
        json.WriteStartObject();
        json.WriteString("session", creation.SessionId);
        json.WriteString("owner", $"{creation.Owner.UserId} {creation.Owner.TeamId}");
        json.WriteString("parent", $"{creation.ParentRunId} {creation.ParentSeq}");
        json.WriteString("agent", $"{creation.Agent.Id} {creation.Agent.Version} {creation.Agent.Name} {creation.Agent.Model}");
        json.WriteString("instructions", creation.Agent.Instructions);
        json.WriteString("tools", creation.Agent.Tools is { } tools ? string.Join(' ', tools) : null);
        json.WriteString("hosted", string.Join(' ', (creation.Agent.HostedTools ?? []).Select(tool => $"{tool.Type}:{tool.Label}")));
        json.WriteString(
            "limits",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{creation.Agent.MaxToolRounds} {creation.Agent.MaxFailedRounds} {creation.Agent.MaxDuration.TotalMilliseconds} {creation.Agent.BudgetMicros} {creation.Agent.BudgetCurrency} {(int?)creation.Agent.OnBudget}"));
        json.WriteString("metadata", string.Join(' ', creation.Metadata.Select(pair => $"{pair.Key}={pair.Value}")));
        json.WriteString("text_format", Encoding.UTF8.GetString(creation.TextFormat.Span));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RunSummary summary)
    {
        json.WriteStartObject();
        json.WriteString("run", $"{summary.RunId} {summary.SessionId} {summary.UserId} {summary.TeamId} {summary.ParentRunId} {summary.ParentSeq}");
        json.WriteString("agent", $"{summary.AgentName} {summary.Model}");
        json.WriteString("input", summary.Input);
        json.WriteString("files", string.Join(' ', summary.Files.Select(file => $"{file.Id}|{file.Name}|{file.Type}|{file.Size}")));
        json.WriteString("message_id", summary.MessageId);
        json.WriteNumber("status", (int)summary.Status);
        json.WriteNumber("head", summary.HeadSeq);
        json.WriteString("times", string.Join(' ', new[] { summary.CreatedAt, summary.StartedAt, summary.CompletedAt, summary.LastEventAt, summary.ForgottenAt }.Select(Micros)));
        json.WriteString("last_words", summary.LastWords);
        json.WriteString("text_format", summary.TextFormat);
        json.WriteString("refusal", summary.Refusal);
        json.WriteString("output", summary.OutputText);
        json.WriteString("active_tools", string.Join(' ', summary.ActiveTools.Select(tool => $"{tool.CallId}|{tool.Name}|{Micros(tool.StartedAt)}|{Ms(tool.Deadline)}")));
        json.WriteString("pending_approvals", string.Join(' ', summary.PendingApprovals.Select(one =>
            $"{one.CallId}|{one.Name}|{one.Arguments}|{one.ServerLabel}|{Micros(one.RequestedAt)}|{Ms(one.Timeout)}")));
        json.WriteNumber("tool_calls", summary.ToolCalls);
        json.WriteString("transport", $"{(int?)summary.Transport} {summary.TransportReason}");
        json.WriteString("usage", Usage(summary.Usage));
        json.WriteString("cost", Cost(summary.CostSoFar));
        json.WriteString("budget", summary.Budget is { } budget
            ? $"{budget.LimitMicros} {budget.Currency} {(int)budget.Then} {Micros(budget.ReachedAt)} {Ms(budget.Timeout)}"
            : null);
        json.WriteString("incomplete_reason", summary.IncompleteReason);
        json.WriteString("error", summary.Error is { } error ? $"{error.Code}|{error.Message}|{error.Advice}" : null);
        json.WriteEndObject();
    }

    /// <summary>What the model is told: after every event in short, and at the end whole, with and without what the upstream keeps.</summary>
    private static void WriteInput(Utf8JsonWriter json, IReadOnlyList<RunEvent> events)
    {
        var (fold, kept) = (new InputFold(store: false), new InputFold(store: true));
        var (steps, last) = (new List<string>(), "");
        foreach (var one in events)
        {
            fold.Apply(one);
            kept.Apply(one);
            var step = $"{fold.Items.Count} {string.Join(',', fold.Unanswered.Select(call => call.CallId))} {fold.OpenResponseId} {fold.HasFinalAnswer} "
                + $"{fold.IncompleteReason} {fold.HasOpenHostedCall} {fold.HasSentApproval} {fold.IsWhole} {fold.Measured}";
            if (step != last)
            {
                steps.Add($"{one.Seq}: {step}");
                last = step;
            }
        }

        json.WriteStartArray("input_steps");
        steps.ForEach(json.WriteStringValue);
        json.WriteEndArray();
        json.WriteStartArray("input");
        foreach (var item in fold.Items)
        {
            json.WriteStringValue(Encoding.UTF8.GetString(item.Json.Span));
        }

        json.WriteEndArray();
        json.WriteString("input_closed", Digest(fold.Close()));
        json.WriteString("input_of_kept", Digest(kept.Items));
    }

    /// <summary>What people were asked, and said.</summary>
    private static void WritePeople(Utf8JsonWriter json, IReadOnlyList<RunEvent> events)
    {
        var (approvals, steers) = (new RunApprovals(), new SteerFold());
        foreach (var one in events)
        {
            approvals.Apply(one);
            steers.Apply(one);
        }

        json.WriteStartArray("approvals");
        foreach (var callId in events.Select(one => one.CallId).OfType<string>().Distinct())
        {
            var (request, decision) = (approvals.Find(callId), approvals.DecisionOf(callId));
            if (request is not null || decision is not null)
            {
                json.WriteStringValue(
                    $"{callId} {Micros(request?.RequestedAt)} {Ms(request?.Timeout)} {(int?)decision?.Answer} {decision?.Actor?.Id} {Micros(decision?.At)} {decision?.Arguments} {decision?.Reason}");
            }
        }

        json.WriteEndArray();
        json.WriteString("steers_waiting", string.Join(' ', steers.Waiting.Select(one => $"{one.SteerId}|{one.Text}")));
    }

    private static string Digest(IReadOnlyList<InputItem> items)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var item in items)
        {
            hash.AppendData(item.Json.Span);
        }

        return $"{items.Count} {Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }

    public static string Usage(ResponseUsage usage) =>
        $"{usage.InputTokens} {usage.CachedTokens} {usage.OutputTokens} {usage.ReasoningTokens}";

    public static string Cost(RunCost cost) =>
        $"{cost.Micros} {cost.Currency} {cost.Priced} {cost.Unpriced} {cost.Cut} {cost.NextAtLeastMicros} {(int)cost.Request}";

    public static string? Micros(DateTimeOffset? at) =>
        at is { } time ? RunTime.ToMicroseconds(time).ToString(CultureInfo.InvariantCulture) : "-";

    public static string Ms(TimeSpan? time) => time is { } span ? span.TotalMilliseconds.ToString(CultureInfo.InvariantCulture) : "-";
}
