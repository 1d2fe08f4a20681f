using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;

namespace Copilot.Demo.Upstream.Model.Language;

/// <summary>Writes a message and notes which of its words refer to which source. Places count code points, as the API's do.</summary>
internal sealed class CitedText
{
    private readonly StringBuilder _text = new();
    private readonly ImmutableArray<PlannedAnnotation>.Builder _annotations = ImmutableArray.CreateBuilder<PlannedAnnotation>();
    private int _length;

    public CitedText Say(string words)
    {
        _text.Append(words);
        _length += words.EnumerateRunes().Count();
        return this;
    }

    /// <summary>Says words that refer to a page.</summary>
    public CitedText Cite(string words, string url, string title) =>
        Cite(words, new JsonObject { ["type"] = "url_citation", ["url"] = url, ["title"] = title });

    /// <summary>Says words that refer to a file of a vector store.</summary>
    public CitedText CiteFile(string words, string fileId, string fileName)
    {
        Say(words);
        _annotations.Add(new PlannedAnnotation(
            _length, _length, new JsonObject { ["type"] = "file_citation", ["file_id"] = fileId, ["filename"] = fileName, ["index"] = _length }));
        return this;
    }

    /// <summary>Says words that refer to a file of the sandbox.</summary>
    public CitedText CiteMadeFile(string words, string containerId, string fileId, string fileName) => Cite(words, new JsonObject
    {
        ["type"] = "container_file_citation",
        ["container_id"] = containerId,
        ["file_id"] = fileId,
        ["filename"] = fileName,
    });

    public PlannedMessage ToMessage() => new(_text.ToString()) { Annotations = _annotations.ToImmutable() };

    private CitedText Cite(string words, JsonObject annotation)
    {
        var start = _length;
        Say(words);
        annotation["start_index"] = start;
        annotation["end_index"] = _length;
        _annotations.Add(new PlannedAnnotation(start, _length, annotation));
        return this;
    }
}
