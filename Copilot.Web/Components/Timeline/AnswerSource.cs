using System.Collections.Immutable;
using System.Text.Json;
using Copilot.Domain.Timeline;

namespace Copilot.Web.Components.Timeline;

/// <summary>A page an answer cites.</summary>
/// <param name="Url">Its address; http or https.</param>
/// <param name="Title">What it is called; the host where the citation has no title.</param>
/// <param name="Where">Its host.</param>
internal sealed record AnswerSource(string Url, string Title, string Where)
{
    /// <summary>The different pages among the API's annotations, in order.</summary>
    public static IReadOnlyList<AnswerSource> Read(ImmutableArray<TrackStep<ReadOnlyMemory<byte>>> annotations)
    {
        List<AnswerSource> sources = [];
        foreach (var annotation in annotations)
        {
            if (Read(annotation.Value) is { } source && !sources.Exists(one => one.Url == source.Url))
            {
                sources.Add(source);
            }
        }

        return sources;
    }

    private static AnswerSource? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var target = MarkdownLinks.Target(Text(document.RootElement, "url"));
            return target is null || target.Scheme == "mailto"
                ? null
                : new AnswerSource(
                    target.AbsoluteUri,
                    Text(document.RootElement, "title") is { Length: > 0 } title ? title : target.IdnHost,
                    target.IdnHost);
        }
        catch (JsonException)
        {
            // A citation nobody can read is no citation.
            return null;
        }
    }

    private static string? Text(JsonElement element, string property) =>
        element.ValueKind is JsonValueKind.Object
        && element.TryGetProperty(property, out var value)
        && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;
}
