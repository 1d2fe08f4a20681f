using System.Text.Json;

namespace Copilot.Domain.Tools;

/// <summary>
/// Describes a tool: what is sent to the model (name, description, parameters or free text) and what the run must know before it may
/// invoke it. Mirrors the function tool of the Responses API, always with <c>strict: true</c>, and its custom tool.
/// </summary>
public sealed record ToolDefinition
{
    /// <summary>The name the model calls, 1 to 64 of <c>a-z A-Z 0-9 _ -</c>, unique in the registry.</summary>
    public required string Name { get; init; }

    /// <summary>What people call it, as a verb and its object: <c>Find a customer</c>. Null makes words of <see cref="Name"/>.</summary>
    public string? Title { get; init; }

    /// <summary>
    /// Arguments that follow from others, such as an id or a price: a person who changes a call is not asked for them. Names of
    /// <see cref="Parameters"/>.
    /// </summary>
    public IReadOnlyList<string> FixedArguments { get; init; } = [];

    /// <summary>What the tool does and when to use it, for the model.</summary>
    public required string Description { get; init; }

    /// <summary>
    /// The JSON schema of the arguments in the strict subset: every object closes with
    /// <c>additionalProperties: false</c> and requires all its properties; what may be left out is nullable.
    /// Undefined and ignored for a tool with <see cref="FreeText"/>.
    /// </summary>
    public JsonElement Parameters { get; init; }

    /// <summary>Set for a custom tool: its input is text and not JSON.</summary>
    public FreeText? FreeText { get; init; }

    /// <summary>The tool changes nothing. It may start before its response has ended and may run again after a crash.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The tool may run beside other calls of the same response.</summary>
    public bool Parallel { get; init; }

    /// <summary>A person must approve the call before the tool is invoked.</summary>
    public bool RequiresApproval { get; init; }

    /// <summary>
    /// Somebody else than who asked must approve the call (four eyes). Who asked may still deny it. Implies
    /// <see cref="RequiresApproval"/>.
    /// </summary>
    public bool RequiresOtherApprover { get; init; }

    /// <summary>Nobody may allow calls of this tool once and for all: a person is asked about each.</summary>
    public bool AsksEachTime { get; init; }

    /// <summary>How long a person may take to decide about a call; null takes <see cref="ToolOptions.ApprovalTimeout"/>.</summary>
    public TimeSpan? ApprovalTimeout { get; init; }

    /// <summary>Invoking the tool again with the same idempotency key has no second effect and gives the same result.</summary>
    public bool Idempotent { get; init; }

    /// <summary>How long one call may take; null takes <see cref="ToolOptions.DefaultDeadline"/>.</summary>
    public TimeSpan? Deadline { get; init; }
}
