using System.Text.Json.Serialization;
using Copilot.Domain.Responses.Requests;

namespace Copilot.Web.Files;

/// <summary>A file in HTTP answers. Fields may be added, never changed.</summary>
internal sealed record FileDocument(string Id, string Name, string Type, long Size)
{
    /// <summary>The document of a file.</summary>
    public static FileDocument From(MessageFile file) => new(file.Id, file.Name, file.Type, file.Size);
}

/// <summary>Its JSON: snake case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FileDocument))]
internal sealed partial class FileJson : JsonSerializerContext;
