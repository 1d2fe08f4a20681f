using Copilot.Domain.Responses.Requests;

namespace Copilot.Domain.Responses.Sessions;

/// <summary>The next request, with its mode and size.</summary>
public sealed record ResponsePlan
{
    /// <summary>What to give to the transport it was planned for.</summary>
    public required PreparedRequest Prepared { get; init; }

    /// <summary>The request that it sends.</summary>
    public ResponseRequest Request => Prepared.Request;

    /// <summary>Whether it carries everything or only what is new.</summary>
    public required SendMode Mode { get; init; }

    /// <summary>Length of the request on the wire, in bytes of JSON.</summary>
    public long Bytes => Prepared.Length;

    /// <summary>How many input items it carries.</summary>
    public int InputItems => Request.Input.Count;

    /// <summary>The response it continues, or null for <see cref="SendMode.Full"/>.</summary>
    public string? PreviousResponseId => Request.PreviousResponseId;
}
