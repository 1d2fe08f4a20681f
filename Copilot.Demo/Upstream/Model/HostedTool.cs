using System.Text.Json;
using Copilot.Demo.Upstream.Protocol;
namespace Copilot.Demo.Upstream.Model;

/// <summary>A tool that this server runs itself, as the request declared it.</summary>
/// <param name="Type">The API's type, for example <c>web_search</c>.</param>
/// <param name="Json">The declaration.</param>
internal sealed record HostedTool(string Type, JsonElement Json)
{
    /// <summary>The label of an MCP server; empty for other types.</summary>
    public string Label => Json.Text("server_label") ?? string.Empty;
}

/// <summary>A client tool that takes free text.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does, as described by the client; may be empty.</param>
internal sealed record CustomTool(string Name, string Description);
