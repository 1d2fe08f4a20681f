namespace Copilot.Domain.Tools;

/// <summary>What belongs to one call of a tool.</summary>
public sealed record ToolContext
{
    /// <summary>The run the call belongs to.</summary>
    public required string RunId { get; init; }

    /// <summary>The upstream's <c>call_id</c>.</summary>
    public required string CallId { get; init; }

    /// <summary>The user the run works for.</summary>
    public required string UserId { get; init; }

    /// <summary>The services of this call, in a separate scope that is disposed once the tool has really ended.</summary>
    public required IServiceProvider Services { get; init; }

    /// <summary>The same for every attempt at this call, also after a restart; never the same for another call.</summary>
    public ToolIdempotencyKey IdempotencyKey => new(RunId, CallId);
}

/// <summary>Names one call across attempts and restarts.</summary>
/// <param name="RunId">The run.</param>
/// <param name="CallId">The upstream's <c>call_id</c>, unique in the run.</param>
public readonly record struct ToolIdempotencyKey(string RunId, string CallId);
