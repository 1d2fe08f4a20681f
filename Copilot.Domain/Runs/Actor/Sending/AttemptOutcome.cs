using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Failures;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Transports;

namespace Copilot.Domain.Runs.Actor.Sending;

/// <summary>How one attempt went.</summary>
internal sealed record AttemptOutcome
{
    /// <summary>Null when the response completed.</summary>
    public UpstreamFailure? Fault { get; init; }

    public required TransportKind Kind { get; init; }

    public bool Continuation { get; init; }

    /// <summary>Where the request went; null when it was not sent.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>What it was sent with; null when it was not sent.</summary>
    public ResponseSettings? Settings { get; init; }

    /// <summary>Its input items, with the names of their files.</summary>
    public IReadOnlyList<InputItem> Input { get; init; } = [];

    /// <summary>True when any event had come.</summary>
    public bool Arrived { get; init; }

    public bool HostedToolOpen { get; init; }

    /// <summary>True when the request let an MCP server's call go ahead and nothing has said since what became of it.</summary>
    public bool Approved { get; init; }

    /// <summary>True when a person had it dropped: it is no failure, and the request is made anew.</summary>
    public bool Dropped { get; init; }

    /// <summary>True when words for the response had no answer yet.</summary>
    public bool Steering { get; init; }
}
