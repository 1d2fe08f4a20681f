namespace Copilot.Domain.Responses.Sessions;

/// <summary>How much of the conversation a request carries.</summary>
public enum SendMode
{
    /// <summary>The whole input, without <c>previous_response_id</c>.</summary>
    Full,

    /// <summary>Only the items after the last response, which <c>previous_response_id</c> names.</summary>
    Delta,
}
