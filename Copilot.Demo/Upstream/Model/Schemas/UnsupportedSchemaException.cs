namespace Copilot.Demo.Upstream.Model.Schemas;

/// <summary>A schema that no instance can be made for.</summary>
internal sealed class UnsupportedSchemaException(string message) : Exception(message);
