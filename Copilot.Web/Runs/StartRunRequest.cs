using System.Diagnostics;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;

namespace Copilot.Web.Runs;

/// <summary>What a person asks for, as a page or the API hands it over.</summary>
internal sealed record StartRunRequest
{
    /// <summary>Who asks. A new session is theirs.</summary>
    public required RunOwner Caller { get; init; }

    /// <summary>The API key that asks; null for a page.</summary>
    public string? ApiKeyId { get; init; }

    /// <summary>The caller's trace; null begins one.</summary>
    public ActivityContext? Trace { get; init; }

    /// <summary>The session that it continues; null begins a new one.</summary>
    public string? SessionId { get; init; }

    /// <summary>The id of a new session; null lets the product choose one. If it exists already, it is continued.</summary>
    public string? NewSessionId { get; init; }

    /// <summary>The question; may be empty beside files, and in a fork that says nothing new.</summary>
    public required string Input { get; init; }

    /// <summary>Uploads to attach, by the ids that the upload answered with.</summary>
    public IReadOnlyList<string> FileIds { get; init; } = [];

    /// <summary>Files that an earlier message of the session has, to be named again, also when they have been deleted since.</summary>
    public IReadOnlyList<MessageFile> ReusedFiles { get; init; } = [];

    /// <summary>Made by the client; the same id twice in one session starts one run. Null: no such protection.</summary>
    public string? MessageId { get; init; }

    /// <summary>Where the conversation continues.</summary>
    public required RunParent Parent { get; init; }

    /// <summary>Who answers; null for the default agent.</summary>
    public AgentSnapshot? Agent { get; init; }

    /// <summary>What the caller must be allowed to do in the session.</summary>
    public RunAction Right { get; init; } = RunAction.Write;

    /// <summary>What the run may cost, in micro-units of the prices' currency; null: what the settings allow.</summary>
    public long? BudgetMicros { get; init; }

    /// <summary>The format of the answer (<c>text.format</c>) as UTF-8 JSON, or empty for prose.</summary>
    public ReadOnlyMemory<byte> TextFormat { get; init; }

    /// <summary>Reaches the model provider as the API's <c>metadata</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Protects an API request from being carried out twice; null: no such protection.</summary>
    public IdempotencyKey? Idempotency { get; init; }
}
