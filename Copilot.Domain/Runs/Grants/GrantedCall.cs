using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Runs.Grants;

/// <summary>What a standing permission is looked for: a call that needs an approval.</summary>
/// <param name="Owner">Whose run makes it.</param>
/// <param name="SessionId">The run's session.</param>
/// <param name="AgentId">The run's agent.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="ServerLabel">The MCP server whose tool it is; null for a tool of ours.</param>
public sealed record GrantedCall(RunOwner Owner, string SessionId, string AgentId, string Tool, string? ServerLabel);
