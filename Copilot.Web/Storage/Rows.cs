using Copilot.Web.Storage.Runs;

namespace Copilot.Web.Storage;

// Rows as the database has them. Ids are lower-case strings, times are UTC microseconds since the Unix epoch.

internal sealed class TeamRow
{
    public required string Id { get; init; }

    public required string Name { get; set; }
}

internal sealed class AgentRow
{
    public required string Id { get; init; }

    public required string Name { get; set; }

    public int CurrentVersion { get; set; }
}

internal sealed class AgentVersionRow
{
    public required string AgentId { get; init; }

    public required int Version { get; init; }

    /// <summary>An <c>AgentSnapshot</c> as JSON.</summary>
    public required string Definition { get; init; }

    public required long CreatedAt { get; init; }
}

internal sealed class SessionRow
{
    public required string Id { get; init; }

    public required string UserId { get; init; }

    public required string TeamId { get; init; }

    /// <summary>The agent that its first run was started with.</summary>
    public string AgentId { get; init; } = AgentStore.DefaultAgentId;

    public required string Title { get; set; }

    /// <summary>Who gave the title: <c>person</c> or <c>model</c>; null while it is the start of the first message.</summary>
    public string? TitledBy { get; set; }

    /// <summary>When its owner pinned it on top of the list, or null.</summary>
    public long? PinnedAt { get; set; }

    /// <summary>When its owner put it away, or null.</summary>
    public long? ArchivedAt { get; set; }

    /// <summary>When a run of it settled last, or null.</summary>
    public long? SettledAt { get; set; }

    /// <summary>How that run settled, as the HTTP API names it; null when another has begun since.</summary>
    public string? Outcome { get; set; }

    /// <summary>Tip of the branch the chat shows.</summary>
    public string? HeadRunId { get; set; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; set; }

    public long? DeletedAt { get; set; }
}

/// <summary>Until when a person has seen what happened in a session.</summary>
internal sealed class SessionViewRow
{
    public required string UserId { get; init; }

    public required string SessionId { get; init; }

    public required long SeenAt { get; set; }
}

internal sealed class RunRow
{
    public required string Id { get; init; }

    public required string SessionId { get; init; }

    public required string UserId { get; init; }

    public required string TeamId { get; init; }

    public string? ParentRunId { get; init; }

    public long? ParentSeq { get; init; }

    /// <summary>Its number among the runs of its session, in the order in which they were asked for, from 1; 0 in old runs.</summary>
    public long Ordinal { get; init; }

    /// <summary>The run that it was forked from, or null.</summary>
    public string? ForkedRunId { get; init; }

    /// <summary>The client's message id; unique inside its session.</summary>
    public string? MessageId { get; init; }

    /// <summary><c>RunStatus</c> as the HTTP API names it.</summary>
    public required string Status { get; set; }

    public long HeadSeq { get; set; }

    public required long CreatedAt { get; init; }

    public long? CompletedAt { get; set; }

    public long LastEventAt { get; set; }

    /// <summary>When its content was erased, or null.</summary>
    public long? ForgottenAt { get; set; }

    /// <summary>When all its events were packed, or null.</summary>
    public long? PackedAt { get; set; }

    /// <summary>The known cost of the run, in micro-units of <see cref="CostCurrency"/>.</summary>
    public long CostMicros { get; set; }

    public string? CostCurrency { get; set; }

    /// <summary>Number of unknown costs of the run.</summary>
    public int CostGaps { get; set; }

    /// <summary>The whole <c>RunSummary</c> as JSON.</summary>
    public required string Summary { get; set; }

    /// <summary>False while it has events that the search does not know.</summary>
    public bool IsIndexed { get; set; }
}

internal sealed class RunEventRow
{
    public required string RunId { get; init; }

    public required long Seq { get; init; }

    public required long At { get; init; }

    public required string Source { get; init; }

    public string? ActorId { get; init; }

    public string? ActorRole { get; init; }

    public required string Type { get; init; }

    public string? ResponseId { get; init; }

    public string? CallId { get; init; }

    /// <summary>UTF-8 JSON; null when erased, or when stored in <see cref="RunPayloadRow"/>.</summary>
    public byte[]? Payload { get; init; }

    public byte[]? Salt { get; init; }

    public required byte[] PayloadDigest { get; init; }

    public required byte[] Hash { get; init; }
}

/// <summary>A payload too large for its event's row.</summary>
internal sealed class RunPayloadRow
{
    public required string RunId { get; init; }

    public required long Seq { get; init; }

    public required byte[] Payload { get; init; }
}

internal sealed class RunRatingRow
{
    public required string RunId { get; init; }

    public required string UserId { get; init; }

    /// <summary>1 for thumbs up, -1 for thumbs down.</summary>
    public required int Rating { get; set; }

    public required long At { get; set; }
}

internal sealed class ApiKeyRow
{
    public required string Id { get; init; }

    public required string UserId { get; init; }

    public required string Name { get; set; }

    /// <summary>SHA-256 of the key; the key itself is shown once and never stored.</summary>
    public required byte[] KeyHash { get; init; }

    /// <summary>What it may be used for, separated by spaces; null for everything, as keys had it before there were scopes.</summary>
    public string? Scopes { get; init; }

    public required long CreatedAt { get; init; }

    /// <summary>From when on it does not work; null for never.</summary>
    public long? ExpiresAt { get; init; }

    public long? LastUsedAt { get; set; }

    public long? RevokedAt { get; set; }
}

/// <summary>The run that a client's <c>Idempotency-Key</c> started; valid for 24 hours.</summary>
internal sealed class IdempotencyRow
{
    public required string ApiKeyId { get; init; }

    public required string Key { get; init; }

    /// <summary>Keyed with the installation's secret.</summary>
    public required byte[] BodyHash { get; init; }

    public required string RunId { get; init; }

    public required long CreatedAt { get; init; }
}

/// <summary>Where the caller of a run is told that it waits or has ended. It goes with its run.</summary>
internal sealed class RunCallbackRow
{
    public required string RunId { get; init; }

    public required string Url { get; init; }

    /// <summary>What is to be told next, as the HTTP API names the run's status; null when nothing is.</summary>
    public string? Status { get; set; }

    /// <summary>Id of what is to be told: the same at every try.</summary>
    public string? DeliveryId { get; set; }

    /// <summary>Tries of this delivery that have failed.</summary>
    public int Attempts { get; set; }

    /// <summary>When the next try is due; null when nothing is to be told.</summary>
    public long? NextAt { get; set; }
}
