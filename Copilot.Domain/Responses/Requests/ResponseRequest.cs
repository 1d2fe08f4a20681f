namespace Copilot.Domain.Responses.Requests;

/// <summary>One request for a response, independent of the transport that carries it.</summary>
public sealed record ResponseRequest
{
    /// <summary>What stays the same between the requests of a run.</summary>
    public required ResponseSettings Settings { get; init; }

    /// <summary>The input items: only the new ones with <see cref="PreviousResponseId"/>, else all of them.</summary>
    public required IReadOnlyList<InputItem> Input { get; init; }

    /// <summary>The response that this one continues, or null when <see cref="Input"/> is complete.</summary>
    public string? PreviousResponseId { get; init; }

    /// <summary>True for a warm-up (<c>generate:false</c>): no output. WebSocket only.</summary>
    public bool WarmUp { get; init; }
}
