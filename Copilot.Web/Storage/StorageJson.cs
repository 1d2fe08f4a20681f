using System.Text.Json.Serialization;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Web.Storage;

/// <summary>JSON stored in columns. It is read only from the database; missing members get their defaults.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(AgentSnapshot))]
[JsonSerializable(typeof(RunSummary))]
internal sealed partial class StorageJson : JsonSerializerContext;
