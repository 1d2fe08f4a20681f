using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Runs.Summaries.Supervision;

namespace Copilot.Tests.Storage;

/// <summary>Makes the appends of one run, with salts and hashes that are as long as real ones and otherwise made up.</summary>
internal sealed class FakeRun
{
    public static readonly DateTimeOffset Start = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    public FakeRun(string name) => Summary = new RunSummary
    {
        RunId = $"run_{name}",
        SessionId = $"ses_{name}",
        UserId = "usr_1",
        TeamId = "team_default",
        AgentName = "Copilot",
        Model = "model-1",
        CreatedAt = Start,
        LastEventAt = Start,
    };

    /// <summary>The run after the last append that was made.</summary>
    public RunSummary Summary { get; set; }

    /// <summary>The first two events of a run.</summary>
    public RunAppend Created(string text) => Created(text, messageId: null);

    public RunAppend Created(string text, string? messageId)
    {
        Summary = Summary with { Input = text };
        return Append(
            (RunEventTypes.RunCreated, "{}"),
            (RunEventTypes.UserMessage, JsonSerializer.Serialize(new { text, message_id = messageId })));
    }

    /// <summary>The run leaves the queue.</summary>
    public RunAppend Started()
    {
        Summary = Summary with { Status = RunStatus.Running, StartedAt = Start };
        return Append((RunEventTypes.RunStarted, "{}"));
    }

    /// <summary>The run ends with an answer.</summary>
    public RunAppend Completed(string answer)
    {
        Summary = Summary with { Status = RunStatus.Completed, OutputText = answer, CompletedAt = Summary.LastEventAt };
        return Append((RunEventTypes.RunCompleted, """{"duration_ms":1}"""));
    }

    /// <summary>Upstream events of a few hundred bytes.</summary>
    public RunAppend Deltas(int count) => Append(Enumerable.Range(0, count)
        .Select(i => ("response.output_text.delta", $$"""{"type":"response.output_text.delta","delta":"word {{i}}","padding":"{{new string('x', 150)}}"}"""))
        .ToArray());

    /// <summary>Any events, one microsecond apart.</summary>
    public RunAppend Append(params (string Type, string Data)[] events)
    {
        var rows = new List<RunEvent>();
        foreach (var (type, data) in events)
        {
            var seq = Summary.HeadSeq + 1;
            var payload = Encoding.UTF8.GetBytes(data);
            rows.Add(new RunEvent
            {
                RunId = Summary.RunId,
                Seq = seq,
                At = Start.AddTicks(seq * TimeSpan.TicksPerMicrosecond),
                Source = type.StartsWith("response.", StringComparison.Ordinal) ? EventSource.Upstream : EventSource.Agent,
                Actor = type is RunEventTypes.UserMessage ? new EventActor(Summary.UserId, "Staff") : null,
                Type = type,
                ResponseId = type.StartsWith("response.", StringComparison.Ordinal) ? "resp_1" : null,
                CallId = type.StartsWith("tool.", StringComparison.Ordinal) ? "call_1" : null,
                Data = payload,
                Salt = SHA256.HashData(Encoding.UTF8.GetBytes($"salt {Summary.RunId} {seq}")),
                PayloadDigest = SHA256.HashData(payload),
                Hash = SHA256.HashData(Encoding.UTF8.GetBytes($"hash {Summary.RunId} {seq} {data}")),
            });
            Summary = Summary with { HeadSeq = seq, LastEventAt = rows[^1].At };
        }

        return new RunAppend(Summary, rows);
    }

    /// <summary>A summary in which nothing has its default.</summary>
    public static RunSummary Full() => new()
    {
        RunId = "run_full",
        SessionId = "ses_full",
        UserId = "usr_1",
        TeamId = "team_default",
        ParentRunId = "run_parent",
        ParentSeq = 7,
        AgentName = "Copilot",
        Model = "model-1",
        Input = "Where is “Contoso”? 😀",
        Status = RunStatus.Running,
        HeadSeq = 1,
        CreatedAt = Start.AddTicks(10),
        StartedAt = Start.AddTicks(20),
        CompletedAt = Start.AddTicks(30),
        LastEventAt = Start.AddTicks(40),
        LastWords = "looking up",
        OutputText = "line\nline <b>",
        ActiveTools = [new ActiveTool("call_1", "crm_find_customer", Start.AddTicks(50), TimeSpan.FromSeconds(30.5))],
        ToolCalls = 3,
        Transport = TransportKind.Http,
        TransportReason = "The upgrade was refused.",
        Usage = new ResponseUsage(1, 2, 3, 4),
        Files = [new MessageFile("file_1", "plan.pdf", "application/pdf", 12)],
        PendingApprovals = [new PendingApproval("call_2", "orders_place", "{}", null, Start.AddTicks(60), TimeSpan.FromMinutes(30))],
        PendingQuestions = [new PendingQuestion("call_3", "Which one?", ["The first", "The second"], AllowsText: true, Start.AddTicks(65), TimeSpan.FromMinutes(10))],
        Pause = new Intervention("supervisor.paused", new EventActor("usr_2", "Supervisor"), Start.AddTicks(67), 5, "Wait."),
        TakeOver = new Intervention("supervisor.took_over", new EventActor("usr_2", "Supervisor"), Start.AddTicks(68), 6, "Mine."),
        LatestIntervention = new Intervention("supervisor.took_over", new EventActor("usr_2", "Supervisor"), Start.AddTicks(68), 6, "Mine."),
        ContextTokens = 9,
        TextFormat = """{"type":"json_object"}""",
        Refusal = "No.",
        Cost = new RunCost { Micros = 5, Currency = "EUR", Priced = 1, Unpriced = 2, Cut = 3, NextAtLeastMicros = 6, Request = CostedRequest.Begun },
        Budget = new RunBudget(7, "EUR", OnBudget.Ask) { ReachedAt = Start.AddTicks(70), Timeout = TimeSpan.FromMinutes(5) },
        IncompleteReason = "max_output_tokens",
        Error = new RunError("server_error", "It failed.", "Try again."),
    };
}
