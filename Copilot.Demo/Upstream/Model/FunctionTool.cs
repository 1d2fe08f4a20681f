using System.Text.Json;

namespace Copilot.Demo.Upstream.Model;

/// <summary>A function the client offers, as the request defined it.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Description">What it does, as described by the client; may be empty.</param>
/// <param name="Parameters">The JSON schema of its arguments; undefined where there is none.</param>
internal sealed record FunctionTool(string Name, string Description, JsonElement Parameters);
