using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;

namespace Copilot.Demo.Upstream.Model.Language;

/// <summary>Builds a message and records which parts refer to which source. Positions count code points, as the API's do.</summary>
internal sealed class CitedText
{
    private readonly StringBuilder _text = new();
    private readonly ImmutableArray<PlannedAnnotation>.Builder _annotations = ImmutableArray.CreateBuilder<PlannedAnnotation>();
    private int _length;

    public CitedText Append(string text)
    {
        _text.Append(text);
        _length += text.EnumerateRunes().Count();
        return this;
    }

    /// <summary>Appends text that refers to a page.</summary>
    public CitedText Cite(string text, string url, string title) =>
        Cite(text, new JsonObject { ["type"] = "url_citation", ["url"] = url, ["title"] = title });

    /// <summary>Appends text that refers to a file of a vector store.</summary>
    public CitedText CiteFile(string text, string fileId, string fileName)
    {
        Append(text);
        _annotations.Add(new PlannedAnnotation(
            _length, _length, new JsonObject { ["type"] = "file_citation", ["file_id"] = fileId, ["filename"] = fileName, ["index"] = _length }));
        return this;
    }

    /// <summary>Appends text that refers to a file of the sandbox.</summary>
    public CitedText CiteContainerFile(string text, string containerId, string fileId, string fileName) => Cite(text, new JsonObject
    {
        ["type"] = "container_file_citation",
        ["container_id"] = containerId,
        ["file_id"] = fileId,
        ["filename"] = fileName,
    });

    public PlannedMessage ToMessage() => new(_text.ToString()) { Annotations = _annotations.ToImmutable() };

    private CitedText Cite(string text, JsonObject annotation)
    {
        var start = _length;
        Append(text);
        annotation["start_index"] = start;
        annotation["end_index"] = _length;
        _annotations.Add(new PlannedAnnotation(start, _length, annotation));
        return this;
    }
}
