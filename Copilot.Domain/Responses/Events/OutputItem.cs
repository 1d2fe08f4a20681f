namespace Copilot.Domain.Responses.Events;

/// <summary>One output item of a response: a message, a function call, reasoning, or anything else the API adds.</summary>
/// <remarks>The item's complete JSON is stored, because a full-input resend sends it back verbatim.</remarks>
public sealed record OutputItem
{
    /// <summary>The API's <c>id</c>, or null where a sparse upstream leaves it out.</summary>
    public string? Id { get; init; }

    /// <summary>The API's item <c>type</c>, for example <c>message</c>, <c>function_call</c> or <c>reasoning</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The API's item <c>status</c>, or null.</summary>
    public string? Status { get; init; }

    /// <summary><c>call_id</c> of function and custom tool calls; null for others.</summary>
    public string? CallId { get; init; }

    /// <summary>Tool name of calls; null for others.</summary>
    public string? Name { get; init; }

    /// <summary><c>arguments</c> of function and MCP calls, <c>input</c> of custom tool calls; null for others.</summary>
    public string? Arguments { get; init; }

    /// <summary><c>phase</c> of an assistant message (<c>commentary</c> or <c>final_answer</c>), or null.</summary>
    public string? Phase { get; init; }

    /// <summary>
    /// The item's readable text: the output text parts of a message, or the summary parts of reasoning, joined. Empty for others.
    /// </summary>
    public string Text { get; init; } = "";

    /// <summary>The refusal text of a message, or null.</summary>
    public string? Refusal { get; init; }

    /// <summary>The item as UTF-8 JSON, as it came.</summary>
    public required ReadOnlyMemory<byte> Json { get; init; }
}
