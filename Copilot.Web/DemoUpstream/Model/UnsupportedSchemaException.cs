namespace Copilot.Web.DemoUpstream.Model;

/// <summary>A schema that no instance can be made for.</summary>
internal sealed class UnsupportedSchemaException(string message) : Exception(message);
