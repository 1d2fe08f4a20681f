namespace Copilot.Domain.Runs.Events;

/// <summary>A tool that the upstream runs, as a run remembers it: never with a secret.</summary>
/// <param name="Type">The API's type, for example <c>web_search</c> or <c>mcp</c>.</param>
/// <param name="Label">The MCP server's label; null for other types.</param>
public sealed record HostedToolRef(string Type, string? Label);
