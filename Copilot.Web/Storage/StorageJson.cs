using System.Text.Json.Serialization;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Web.Storage;

/// <summary>The JSON that lies in columns. Nobody outside the database reads it; what is missing gets its default.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(AgentSnapshot))]
[JsonSerializable(typeof(RunSummary))]
internal sealed partial class StorageJson : JsonSerializerContext;
