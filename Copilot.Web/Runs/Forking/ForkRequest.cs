using System.Diagnostics;
using Copilot.Domain.Runs.Events;

namespace Copilot.Web.Runs.Forking;

/// <summary>Asks to carry out a run again from a step on, in a conversation of one's own.</summary>
internal sealed record ForkRequest
{
    /// <summary>Who asks: the fork is theirs.</summary>
    public required RunOwner Caller { get; init; }

    /// <summary>The API key that asks; null for a page.</summary>
    public string? ApiKeyId { get; init; }

    /// <summary>The span of the caller that the fork belongs below; null begins a trace.</summary>
    public ActivityContext? Trace { get; init; }

    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>An event of the step; with <see cref="Arguments"/>, of the call.</summary>
    public required long Seq { get; init; }

    /// <summary>At the question, what is asked in its place; at a later step, what is said there besides. Null changes nothing.</summary>
    public string? Message { get; init; }

    /// <summary>What the call is carried out with: JSON, or text for a tool that takes text. Null asks the model again.</summary>
    public string? Arguments { get; init; }

    /// <summary>The model; null for the run's own.</summary>
    public string? Model { get; init; }

    /// <summary>The id of the fork's conversation, made by the client; null lets the product choose one.</summary>
    public string? NewSessionId { get; init; }

    /// <summary>Made by the client; the same id twice in one conversation starts one run. Null: no such protection.</summary>
    public string? MessageId { get; init; }

    /// <summary>Protects an API request from being carried out twice; null: no such protection.</summary>
    public IdempotencyKey? Idempotency { get; init; }
}
