using System.Text.Json;
using Copilot.Domain.Runs.Events;

namespace Copilot.Web.Files.Containers;

/// <summary>A file that the upstream's code interpreter has made, as an answer refers to it (<c>container_file_citation</c>).</summary>
/// <param name="ContainerId">The API's <c>container_id</c>.</param>
/// <param name="FileId">The API's <c>file_id</c>.</param>
/// <param name="Name">What it is called.</param>
internal sealed record ContainerFileCitation(string ContainerId, string FileId, string Name)
{
    private const string Type = "container_file_citation";

    /// <summary>The reference to a file in an event of the upstream, wherever it stands there; null where there is none.</summary>
    public static ContainerFileCitation? Find(RunEvent e, string fileId)
    {
        if (e.Source is not EventSource.Upstream || e.IsErased)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(e.Data);
            return Find(document.RootElement, fileId);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static ContainerFileCitation? Find(JsonElement element, string fileId)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(one => Find(one, fileId)).FirstOrDefault(found => found is not null);
            case JsonValueKind.Object when Text(element, "type") == Type && Text(element, "file_id") == fileId:
                return Text(element, "container_id") is { } container
                    ? new ContainerFileCitation(container, fileId, FileName.Clean(Text(element, "filename") ?? fileId))
                    : null;
            case JsonValueKind.Object:
                return element.EnumerateObject().Select(one => Find(one.Value, fileId)).FirstOrDefault(found => found is not null);
            default:
                return null;
        }
    }

    private static string? Text(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
