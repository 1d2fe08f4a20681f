using System.Diagnostics;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs;

/// <summary>A person's request for a run.</summary>
public sealed record RunRequest
{
    /// <summary>The session, new or existing (<c>ses_…</c>).</summary>
    public required string SessionId { get; init; }

    /// <summary>Whose session it is.</summary>
    public required RunOwner Owner { get; init; }

    /// <summary>Who asks (recorded with the message).</summary>
    public required EventActor Actor { get; init; }

    /// <summary>The API key that asks, or null for a page.</summary>
    public string? ApiKeyId { get; init; }

    /// <summary>The caller's trace, below which the run's spans are; null begins one.</summary>
    public ActivityContext? Trace { get; init; }

    /// <summary>The agent to use.</summary>
    public required AgentSnapshot Agent { get; init; }

    /// <summary>What is asked; empty only in a message of files, and in a fork that says nothing new.</summary>
    public required string Input { get; init; }

    /// <summary>What is attached. The caller has checked that the person may use these.</summary>
    public IReadOnlyList<MessageFile> Files { get; init; } = [];

    /// <summary>True where the person says or attaches something; only a fork need not.</summary>
    public bool HasMessage => !string.IsNullOrWhiteSpace(Input) || Files.Count > 0;

    /// <summary>Made by the client; the same id twice in one session starts one run. Null: no such protection.</summary>
    public string? MessageId { get; init; }

    /// <summary>A keyed hash of all that was asked for with an idempotency key, in hexadecimal digits; null without one.</summary>
    public string? RequestHash { get; init; }

    /// <summary>Where the conversation continues.</summary>
    public required RunParent Parent { get; init; }

    /// <summary>What it was forked from, where it repeats a fork; the registry sets it.</summary>
    internal RunForked? Forked { get; init; }

    /// <summary>What the run may cost, in micro-units, above 0; only lowers what the settings allow. Null: nothing lower.</summary>
    public long? BudgetMicros { get; init; }

    /// <summary>The format the answer must have: the API's <c>text.format</c> as UTF-8 JSON, or empty for prose.</summary>
    public ReadOnlyMemory<byte> TextFormat { get; init; }

    /// <summary>Reaches the upstream as the API's <c>metadata</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
